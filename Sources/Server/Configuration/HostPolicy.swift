import Transport

/// Which `Host` and `Origin` are let in. `Protocol/wire.md#socket`.
///
/// A page of a stranger can make a browser connect to a server on its own machine. `Origin` says
/// which page asks; `Host` shows a name that was made to point here (DNS rebinding).
struct HostPolicy: Sendable {
    private var hosts: Set<String> = []
    private var origins: Set<WebOrigin>

    /// - Parameter bound: the addresses of the listeners, with their real ports.
    init(configuration: ServerConfiguration, bound: [SocketAddress]) {
        let scheme = configuration.isSecure ? "https" : "http"
        origins = Set(configuration.origins.compactMap { WebOrigin($0) })
        for address in bound {
            let literal = address.isIPv6 ? "[\(address.host)]" : address.host
            for name in ["localhost", "127.0.0.1", "[::1]", literal] {
                add(WebOrigin("\(scheme)://\(name):\(address.port)"))
            }
        }
        add(configuration.publicURL.flatMap { WebOrigin(url: $0) })
    }

    private mutating func add(_ origin: WebOrigin?) {
        guard let origin else { return }
        origins.insert(origin)
        hosts.formUnion([origin.authority, origin.fullAuthority])
    }

    func allows(host: String) -> Bool { hosts.contains(host.lowercased()) }

    /// No `Origin` means not a browser's page. Several mean that somebody added one.
    ///
    /// - Parameter lines: the values of all fields of that name.
    func allows(origins lines: [String]) -> Bool {
        guard let first = lines.first else { return true }
        guard lines.count == 1, let origin = WebOrigin(first) else { return false }
        return origins.contains(origin)
    }
}
