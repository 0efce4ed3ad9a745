package import Transport

/// Where a server is: `ws://host[:port][/path]`, or `wss://` with TLS; `http://` and `https://`
/// mean the same two.
package struct Endpoint: Sendable {
    /// A name or a numeric address, IPv6 without brackets.
    package let host: String
    package let port: UInt16
    /// Path and query of the request.
    package let target: String

    /// How it is spoken to by TLS; nil when it is not. Shared by all connections to it, so each
    /// one takes up the session of the one before.
    package let tls: TLSClientContext?

    /// As the `Host` field wants it: with the port unless it is the scheme's own.
    package var authority: String {
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return port == Self.defaultPort(isSecure: tls != nil) ? name : "\(name):\(port)"
    }

    static func defaultPort(isSecure: Bool) -> UInt16 { isSecure ? 443 : 80 }

    static let defaultTarget = "/v1/socket"

    private static let schemes = [
        ("ws://", false), ("wss://", true), ("http://", false), ("https://", true),
    ]

    /// - Parameter tlsAuthorities: a PEM file with the authorities to trust instead of the
    ///   system's; it may stay unused by a plain URL.
    package init(url: String, tlsAuthorities: String? = nil) throws(ClientError) {
        let start = url.lowercased()
        guard let (scheme, isSecure) = Self.schemes.first(where: { start.hasPrefix($0.0) }) else {
            throw .badURL(url, "it must begin with ws:// or wss://")
        }
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest[authority.endIndex...]
        guard !authority.contains("@") else { throw .badURL(url, "no user name belongs there") }
        guard path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !path.contains("#") else {
            throw .badURL(url, "the path has characters that must be percent-encoded")
        }
        switch path {
        case "", "/": target = Self.defaultTarget
        default: target = path.hasPrefix("/") ? String(path) : Self.defaultTarget + path
        }
        var name = authority
        var portText: Substring?
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            name = authority[authority.index(after: authority.startIndex)..<end]
            let tail = authority[authority.index(after: end)...]
            guard tail.isEmpty || tail.hasPrefix(":") else { throw .badURL(url, "after ] comes :") }
            portText = tail.isEmpty ? nil : tail.dropFirst()
        } else if let colon = authority.lastIndex(of: ":") {
            name = authority[..<colon]
            portText = authority[authority.index(after: colon)...]
        }
        guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .badURL(url, "the host is missing")
        }
        host = String(name)
        if let portText {
            guard let number = UInt16(portText), number > 0 else {
                throw .badURL(url, "a port is 1 to 65535")
            }
            port = number
        } else {
            port = Self.defaultPort(isSecure: isSecure)
        }
        guard isSecure else {
            tls = nil
            return
        }
        do throws(TLSContextError) {
            tls = try TLSClientContext(
                serverName: host,
                trust: tlsAuthorities.map { .authorities(file: $0) } ?? .system)
        } catch {
            throw .badTLS("\(error)")
        }
    }
}
