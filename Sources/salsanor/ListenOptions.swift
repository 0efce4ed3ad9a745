import ArgumentParser
import Transport

/// Where a server listens, and what it shows there.
struct ListenOptions: ParsableArguments {
    static let usualPort: UInt16 = 8080

    @Option(help: "Numeric address to listen on. Repeat for several.")
    var host: [String] = ["127.0.0.1"]

    @Option(help: "Port; 0 lets the system choose.")
    var port: UInt16 = usualPort

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
        for host in host where SocketAddress(host: host, port: port) == nil {
            throw ValidationError("--host takes a numeric address such as 127.0.0.1 or ::1")
        }
        guard tlsCertificate.count == tlsKey.count else {
            throw ValidationError("--tls-certificate and --tls-key belong together")
        }
    }

    var addresses: [SocketAddress] {
        host.compactMap { SocketAddress(host: $0, port: port) }
    }

    var certificates: [TLSContext.CertificateFiles] {
        zip(tlsCertificate, tlsKey).map {
            TLSContext.CertificateFiles(certificate: $0, key: $1)
        }
    }

    /// `ws://host:port`, of an address that is bound.
    func url(of address: SocketAddress) -> String {
        "\(certificates.isEmpty ? "ws" : "wss")://\(address)"
    }

    /// Starts a server and says where it listens, or why it cannot start.
    func start<Server>(
        addresses: (Server) -> [SocketAddress], _ start: () async throws -> Server
    ) async throws -> Server {
        let server: Server
        do {
            server = try await start()
        } catch {
            StandardOutput.errorLine("salsanor: \(error)")
            throw ExitCode.failure
        }
        for address in addresses(server) {
            StandardOutput.line("listening on \(url(of: address))")
        }
        return server
    }
}
