package import Logging
package import Transport

/// `salsanor echo`: for conformance suites and benchmarks of the engine.
package final class EchoServer: Sendable {
    /// Where it listens, with the real ports.
    package let addresses: [SocketAddress]
    let echo: EchoLoop

    /// Binds and begins to listen.
    package static func start(
        listen: [SocketAddress], tls files: [TLSContext.CertificateFiles] = [], log: Logger
    ) async throws(StartError) -> EchoServer {
        let listening = try Listening(listen, tls: files)
        do {
            return try await EchoServer(listening, log: log)
        } catch {
            throw .noMemory(error)
        }
    }

    private init(_ listening: Listening, log: Logger) async throws {
        addresses = listening.addresses
        echo = try EchoLoop(
            admission: Admission(
                rules: .open, descriptors: DescriptorLimit.raise(), now: EventLoop.now), log: log)
        try await echo.start(listeners: listening.listeners)
    }

    /// Sends everybody away with 1001 and closes; bounded by `Limits.closeSeconds`.
    package func stop() async {
        let echo = echo
        await withCheckedContinuation { continuation in
            echo.loop.execute {
                echo.assumeIsolated { $0.stop { continuation.resume() } }
            }
        }
        await withCheckedContinuation { continuation in
            echo.loop.stop { continuation.resume() }
        }
    }
}
