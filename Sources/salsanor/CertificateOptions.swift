import ArgumentParser
import Transport

/// What a listener with TLS shows.
struct CertificateOptions: ParsableArguments {
    @Option(
        help: """
            Certificate, in PEM: the server's own, then those between it and the authority. With \
            --tls-key every listener speaks TLS, and nothing else.
            """)
    var tlsCertificate: String?

    @Option(help: "Its private key, in PEM.")
    var tlsKey: String?

    func validate() throws {
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-certificate and --tls-key belong together")
        }
    }

    var files: TLSContext.CertificateFiles? {
        guard let tlsCertificate, let tlsKey else { return nil }
        return TLSContext.CertificateFiles(certificate: tlsCertificate, key: tlsKey)
    }

    /// Of the addresses that are announced.
    var scheme: String { files == nil ? "ws" : "wss" }
}
