package import HTTP
package import Transport

/// Proxies whose word about their clients is believed. `Protocol/wire.md#behind-a-proxy`.
package struct TrustedProxies: Sendable {
    private let prefixes: [NetworkPrefix]
    private let header: ForwardedHeader

    /// - Parameter header: the field that they fill in. They pass the other one on as it came.
    package init(_ prefixes: [NetworkPrefix], header: ForwardedHeader = .xForwardedFor) {
        self.prefixes = prefixes
        self.header = header
    }

    package func trust(_ address: SocketAddress) -> Bool {
        prefixes.contains { $0.contains(address) }
    }

    /// Whether a proxy says on whose behalf it asks.
    func names(_ headers: HeaderFields) -> Bool {
        headers.contains(header.fieldName)
    }

    /// Who sent a request: the TCP peer, or, if that is a trusted proxy, whom it names.
    ///
    /// The field is read from the right, where the nearest proxy wrote: what stands left of the
    /// first address that is not a trusted proxy is that stranger's own invention. When that hop
    /// cannot be read, it is the peer's own address.
    package func client(of headers: HeaderFields, from peer: SocketAddress) -> SocketAddress {
        guard trust(peer) else { return peer }
        var farthest = peer
        for line in headers.values(of: header.fieldName).reversed() {
            for hop in header.hops(line).reversed() {
                guard case .host(let host) = hop,
                    let address = SocketAddress(host: host, port: 0)
                else { return peer }
                guard trust(address) else { return address }
                farthest = address
            }
        }
        // Proxies all the way: the farthest of them has sent it.
        return farthest
    }
}
