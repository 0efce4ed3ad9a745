import Transport

/// Which `Host` and `Origin` are let in. `Protocol/wire.md#socket`.
///
/// A page of a stranger can make a browser connect to a server on its own machine. `Origin` says
/// which page asks; `Host` shows a name that was made to point here (DNS rebinding).
struct HostPolicy: Sendable {
    private let hosts: Set<String>
    private let origins: Set<String>

    /// - Parameter bound: the addresses of the listeners, with their real ports.
    init(configuration: ServerConfiguration, bound: [SocketAddress]) {
        var hosts: Set<String> = []
        var origins = Set(configuration.origins.map { $0.lowercased() })
        for address in bound {
            let literal = address.isIPv6 ? "[\(address.host)]" : address.host
            for name in ["localhost", "127.0.0.1", "[::1]", literal] {
                hosts.insert("\(name):\(address.port)")
                origins.insert("http://\(name):\(address.port)")
                if address.port == 80 {
                    hosts.insert(name)
                    origins.insert("http://\(name)")
                }
            }
        }
        // scheme "//" authority [path]
        let parts = (configuration.publicURL ?? "").lowercased()
            .split(separator: "/", omittingEmptySubsequences: false)
        if parts.count >= 3, parts[1].isEmpty, !parts[2].isEmpty {
            hosts.insert(String(parts[2]))
            origins.insert("\(parts[0])//\(parts[2])")
        }
        self.hosts = hosts
        self.origins = origins
    }

    func allows(host: String) -> Bool { hosts.contains(host.lowercased()) }

    /// No `Origin` means not a browser's page.
    func allows(origin: String?) -> Bool {
        guard let origin else { return true }
        return origins.contains(origin.lowercased())
    }
}
