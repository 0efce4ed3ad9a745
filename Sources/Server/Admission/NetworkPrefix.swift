package import Transport

/// A range of addresses, as `10.0.0.0/8`, `2001:db8::/32`, or one address alone.
package struct NetworkPrefix: Hashable, Sendable {
    private let octets: [UInt8]
    private let bits: Int

    /// Nil when it is none, or has bits behind its length: `10.0.0.1/8` is more likely a slip than
    /// a wish.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard !text.hasPrefix("["),
            let address = SocketAddress(host: String(parts[0]), port: 0)
        else { return nil }
        octets = Array(address.unmappedOctets)
        let isMapped = octets.count < address.octets.count
        guard parts.count == 2 else {
            bits = octets.count * 8
            return
        }
        guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(parts[1]),
            !isMapped, length <= octets.count * 8
        else { return nil }
        bits = length
        let hasBitsBehind = octets.indices.contains { octets[$0] & ~Self.mask($0, length) != 0 }
        if hasBitsBehind { return nil }
    }

    package func contains(_ address: SocketAddress) -> Bool {
        let other = Array(address.unmappedOctets)
        guard other.count == octets.count else { return false }
        return octets.indices.allSatisfy {
            (octets[$0] ^ other[$0]) & Self.mask($0, bits) == 0
        }
    }

    /// Which bits of octet `index` belong to the first `bits`.
    private static func mask(_ index: Int, _ bits: Int) -> UInt8 {
        let count = min(8, max(0, bits - index * 8))
        return count == 0 ? 0 : ~UInt8(0) << UInt8(8 - count)
    }
}
