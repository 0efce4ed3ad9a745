package import Transport

/// How a server is set up. `salsanor serve` makes one from its arguments.
package struct ServerConfiguration: Sendable {
    /// Numeric addresses; port 0 lets the kernel choose.
    package var listen: [SocketAddress]
    /// Absolute. Made if it is not there.
    package var dataPath: String
    /// Event loops.
    package var shards: Int
    /// Where people reach the server, if that is not a loopback address: `https://host[:port]`.
    package var publicURL: String?
    /// Besides the public URL and loopback pages: exact origins of pages that may connect.
    package var origins: [String]
    /// Whether permessage-deflate is accepted (RFC 7692).
    package var compresses: Bool
    /// Who is let in, and how fast.
    package var admission: AdmissionRules
    /// Whether its own listeners speak TLS.
    package var isSecure: Bool { !tls.isEmpty }
    /// What the listeners show; nil for plain TCP.
    package var tls: [TLSContext.CertificateFiles]
    /// Where letters go.
    package var mail: MailConfiguration
    /// The services that people may sign in with; at most one of each name.
    package var providers: [ProviderConfiguration]
    /// Makes the demo account and pattern in an empty database, even if not every listener is
    /// loopback.
    package var makesDemo: Bool
    /// For trials: each commit waits so long before it is acknowledged, as on a slower disk.
    package var addedSyncDelay: Duration

    package init(
        listen: [SocketAddress], dataPath: String, shards: Int, publicURL: String? = nil,
        origins: [String] = [], tls: [TLSContext.CertificateFiles] = [],
        compresses: Bool = true, admission: AdmissionRules = AdmissionRules(),
        mail: MailConfiguration = MailConfiguration(), providers: [ProviderConfiguration] = [],
        makesDemo: Bool = false, addedSyncDelay: Duration = .zero
    ) {
        self.listen = listen
        self.dataPath = dataPath
        self.shards = max(1, shards)
        self.publicURL = publicURL
        self.origins = origins
        self.tls = tls
        self.compresses = compresses
        self.admission = admission
        self.mail = mail
        self.providers = providers
        self.makesDemo = makesDemo
        self.addedSyncDelay = addedSyncDelay
    }
}
