import ArgumentParser
import Logging
import Server
import Transport

/// `salsanor echo`: the WebSocket engine alone.
struct Echo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Echo each WebSocket message, for conformance suites and benchmarks.",
        discussion: """
            The engine alone: every path upgrades, whatever the Host, Origin and subprotocols \
            offered (none is chosen), and each message up to 16 MiB, in any number of fragments, \
            comes back with its type, compressed (permessage-deflate) when the client offers \
            it. No sign-in, no data; no pings of its own in the first 60 \
            seconds. Not a service for strangers. SIGTERM and SIGINT close with 1001, exit \
            status 0.
            """)

    @Option(help: "Numeric address to listen on. Repeat for several.")
    var host: [String] = ["127.0.0.1"]

    @Option(help: "Port; 0 lets the system choose.")
    var port: UInt16

    @OptionGroup var certificate: CertificateOptions

    func validate() throws {
        for host in host where SocketAddress(host: host, port: port) == nil {
            throw ValidationError("--host takes a numeric address such as 127.0.0.1 or ::1")
        }
    }

    func run() async throws {
        let log = Logger(label: "salsanor", factory: { StreamLogHandler.standardError(label: $0) })
        let signals = TerminationSignals()
        let (stopRequests, stopRequest) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await signals.start([.terminate, .interrupt]) { _ in stopRequest.yield() }
        let server: EchoServer
        do {
            server = try await EchoServer.start(
                listen: host.compactMap { SocketAddress(host: $0, port: port) },
                tls: certificate.files, log: log)
        } catch {
            StandardOutput.errorLine("salsanor: \(error)")
            throw ExitCode.failure
        }
        for address in server.addresses {
            StandardOutput.line("listening on \(certificate.scheme)://\(address)")
        }
        for await _ in stopRequests { break }
        await server.stop()
        await signals.stop()
    }
}
