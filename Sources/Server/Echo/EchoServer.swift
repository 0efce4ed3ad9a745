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
    ) async throws(SalsaServer.StartError) -> EchoServer {
        let tls = try SalsaServer.context(files)
        let listeners = try SalsaServer.bind(listen, tls: tls)
        do {
            return try await EchoServer(listeners: listeners, log: log)
        } catch {
            throw .noMemory(error)
        }
    }

    private init(listeners: [Listener], log: Logger) async throws {
        addresses = listeners.map(\.address)
        echo = try EchoLoop(
            admission: Admission(
                rules: .open, descriptors: DescriptorLimit.raise(), now: EventLoop.now), log: log)
        try await echo.start(listeners: listeners)
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
