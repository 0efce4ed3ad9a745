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

    @OptionGroup var listen: ListenOptions

    func run() async throws {
        let log = Logger(label: "salsanor", factory: { StreamLogHandler.standardError(label: $0) })
        let signals = TerminationSignals()
        let (stopRequests, stopRequest) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await signals.start([.terminate, .interrupt]) { _ in stopRequest.yield() }
        let server = try await listen.start(addresses: \.addresses) {
            try await EchoServer.start(
                listen: listen.addresses, tls: listen.certificates, log: log)
        }
        for await _ in stopRequests { break }
        await server.stop()
        await signals.stop()
    }
}
