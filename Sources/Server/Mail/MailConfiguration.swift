import Social

/// Where letters go. `Protocol/mail.md#on-its-way`.
package struct MailConfiguration: Sendable {
    /// A server that takes letters (RFC 5321, RFC 6409).
    package struct Server: Sendable {
        /// `smtp` or `smtps`.
        package let url: OutboundURL
        package let user: String?
        package let password: String?
        /// PEM file of the authorities to believe instead of the system's.
        package let authorities: String?

        package init(
            url: OutboundURL, user: String? = nil, password: String? = nil,
            authorities: String? = nil
        ) {
            self.url = url
            self.user = user
            self.password = password
            self.authorities = authorities
        }
    }

    /// Nil: the folder `mail` of the data directory.
    package var server: Server?
    /// Nil: `salsanor@` and the host of the public URL.
    package var from: String?

    package init(server: Server? = nil, from: String? = nil) {
        self.server = server
        self.from = from
    }

    package static func allows(sender: String) -> Bool { MailAddress.isSafe(sender) }

    /// - Parameter publicURL: with a scheme.
    func sender(publicURL: String) -> String {
        if let from { return from }
        let host = WebOrigin(url: publicURL)?.authority.prefix { $0 != ":" && $0 != "[" } ?? ""
        return "salsanor@\(host.isEmpty ? "localhost" : host)"
    }
}
