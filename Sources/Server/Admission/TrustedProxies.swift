package import HTTP
package import Transport

/// Proxies whose word about their clients is believed. `Protocol/wire.md#behind-a-proxy`.
package struct TrustedProxies: Sendable {
    private let prefixes: [NetworkPrefix]

    package init(_ prefixes: [NetworkPrefix]) {
        self.prefixes = prefixes
    }

    package func trust(_ address: SocketAddress) -> Bool {
        prefixes.contains { $0.contains(address) }
    }

    /// Whether a proxy says on whose behalf it asks.
    static func names(_ headers: HeaderFields) -> Bool {
        headers.contains("Forwarded") || headers.contains("X-Forwarded-For")
    }

    /// Who sent a request: the TCP peer, or, if that is a trusted proxy, whom it names in
    /// `Forwarded` (RFC 7239) or `X-Forwarded-For`.
    ///
    /// Both are read from the right, where the nearest proxy wrote: what stands left of the first
    /// address that is not a trusted proxy is that stranger's own invention. When that hop cannot
    /// be read, or both fields are there and do not agree, it is the peer's own address: a proxy
    /// fills in one field, and what came in the other is not to be told apart from a lie.
    package func client(of headers: HeaderFields, from peer: SocketAddress) -> SocketAddress {
        guard trust(peer) else { return peer }
        let named = [
            client(in: headers.values(of: "Forwarded"), ForwardedHop.forwarded),
            client(in: headers.values(of: "X-Forwarded-For"), ForwardedHop.xForwardedFor),
        ].compactMap(\.self)
        guard case .address(let first)? = named.first, named.allSatisfy({ $0 == named[0] }) else {
            return peer
        }
        return first
    }

    /// Nil when the field is not there.
    private func client(
        in lines: [String], _ read: (String) -> [ForwardedHop]
    ) -> ForwardedHop? {
        var farthest: ForwardedHop?
        for line in lines.reversed() {
            for hop in read(line).reversed() {
                guard case .address(let address) = hop, trust(address) else { return hop }
                farthest = hop
            }
        }
        // Proxies all the way: the farthest of them has sent it.
        return farthest
    }
}
