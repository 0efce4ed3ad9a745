package import Transport

/// Whom an address stands for when connections are counted: an IPv4 address, or the /64 of an
/// IPv6 address, because one customer has at least that many (RFC 6177).
package struct ClientNetwork: Hashable, Sendable {
    private let isIPv6: Bool
    private let prefix: UInt64

    /// For a hash.
    var bytes: [UInt8] {
        [isIPv6 ? 6 : 4] + stride(from: 56, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: prefix >> UInt64($0))
        }
    }

    package init(_ address: SocketAddress) {
        let octets = address.unmappedOctets
        isIPv6 = octets.count == 16
        prefix = octets.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension SocketAddress {
    /// The octets in network order; 4 of them for an IPv4 address mapped into IPv6 as well
    /// (RFC 4291 §2.5.5.2).
    var unmappedOctets: ArraySlice<UInt8> {
        let isMapped =
            octets.count == 16 && octets[..<10].allSatisfy { $0 == 0 }
            && octets[10] == 0xFF && octets[11] == 0xFF
        return isMapped ? octets[12...] : octets[...]
    }
}
