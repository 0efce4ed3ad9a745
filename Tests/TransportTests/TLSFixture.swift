import Transport

/// An echo server with TLS, and who talks to it.
struct TLSFixture {
    let certificates: TestCertificates
    let context: TLSContext
    let server: EchoServer

    var port: UInt16 { server.listener.port }

    func client(
        _ name: String = "one.test", sends bytes: [UInt8], bufferBytes: Int32? = nil
    ) throws -> LoopClient {
        try client(try trusting(name), sends: bytes, bufferBytes: bufferBytes)
    }

    func client(
        _ tls: TLSClientContext, sends bytes: [UInt8], bufferBytes: Int32? = nil
    ) throws -> LoopClient {
        let client = try LoopClient(
            port: port, tls: tls, sends: bytes, bufferBytes: bufferBytes)
        client.start()
        return client
    }

    func trusting(_ name: String) throws -> TLSClientContext {
        try TLSClientContext(
            serverName: name, trust: .authorities(file: certificates.authority))
    }

    /// `openssl s_client` against the server: what it says.
    func openssl(_ arguments: String..., input: String = "") async -> String {
        await Program.run(
            "openssl",
            [
                "s_client", "-connect", "127.0.0.1:\(port)", "-CAfile",
                certificates.authority,
            ] + arguments, input: input
        ).output
    }

    func stop() async {
        await server.stop()
        await server.loop.stopAndWait()
    }

    static func start(names: [String] = ["one.test"]) async throws -> TLSFixture {
        let certificates = try await TestCertificates()
        var files: [TLSContext.CertificateFiles] = []
        for name in names {
            files.append(try await certificates.make(name, for: "DNS:\(name)"))
        }
        let context = try TLSContext(files)
        let listener = try Listener.bind(host: "127.0.0.1", port: 0, tls: context)
        let server = EchoServer(loop: try EventLoop(label: "tls echo"), listener: listener)
        server.start()
        return TLSFixture(certificates: certificates, context: context, server: server)
    }
}
