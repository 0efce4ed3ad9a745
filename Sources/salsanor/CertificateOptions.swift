import ArgumentParser
import Transport

/// What a listener with TLS shows.
struct CertificateOptions: ParsableArguments {
    @Option(
        help: """
            Certificate, in PEM: the server's own, then those between it and the authority. With \
            --tls-key every listener speaks TLS, and nothing else. Repeat both for several names: \
            a client gets the one that fits the name it asks for, else the first.
            """)
    var tlsCertificate: [String] = []

    @Option(help: "Its private key, in PEM; as many as certificates, in the same order.")
    var tlsKey: [String] = []

    func validate() throws {
        guard tlsCertificate.count == tlsKey.count else {
            throw ValidationError("--tls-certificate and --tls-key belong together")
        }
    }

    var files: [TLSContext.CertificateFiles] {
        zip(tlsCertificate, tlsKey).map {
            TLSContext.CertificateFiles(certificate: $0, key: $1)
        }
    }

    /// Of the addresses that are announced.
    var scheme: String { files.isEmpty ? "ws" : "wss" }
}
