/// `scheme://host[:port]`, as a browser writes the origin of a page (RFC 6454 §6.2).
package struct WebOrigin: Hashable, Sendable {
    /// In lower case, without the port that its scheme has anyway: a browser leaves that out.
    let text: String
    /// `host[:port]`, in the same form.
    let authority: String
    /// The same with the port in any case; RFC 9110 §7.2: a client may send both.
    let fullAuthority: String

    /// Nil for what is none: `null`, a path or a slash behind it, a name without a scheme.
    package init?(_ text: String) {
        let parts = text.lowercased().split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].isEmpty else { return nil }
        self.init(scheme: parts[0], authority: parts[2])
    }

    /// The origin of a URL, whatever its path.
    package init?(url: String) {
        let parts = url.lowercased().split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[1].isEmpty else { return nil }
        self.init(scheme: parts[0], authority: parts[2])
    }

    private init?(scheme: Substring, authority: Substring) {
        guard scheme.last == ":", scheme.count > 1, !authority.isEmpty,
            authority.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !authority.contains(where: { "@?#,;\\".contains($0) })
        else { return nil }
        let port = Self.defaultPort(of: scheme)
        if let port, authority.hasSuffix(port) {
            self.authority = String(authority.dropLast(port.count))
        } else {
            self.authority = String(authority)
        }
        let hasPort = self.authority.last != "]" && self.authority.split(separator: "]").last?
            .contains(":") == true
        fullAuthority = hasPort ? self.authority : self.authority + (port ?? "")
        text = "\(scheme)//\(self.authority)"
    }

    private static func defaultPort(of scheme: Substring) -> String? {
        switch scheme {
        case "http:", "ws:": ":80"
        case "https:", "wss:": ":443"
        default: nil
        }
    }
}
