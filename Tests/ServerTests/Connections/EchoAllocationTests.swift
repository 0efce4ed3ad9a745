import CMallocCounter
import Dispatch
import Glibc
import Logging
import Testing
import Transport

@testable import Server

/// What an echoed message allocates through sockets, the event loop and the connections' host.
@Suite(.serialized) struct EchoAllocationTests {
    /// Allocations of the thread on which a loop runs now.
    private struct Count {
        var thread: pthread_t
        var allocations: UInt64

        /// Blocks. What it allocates on the loop's thread comes before the count.
        static func of(_ loop: EventLoop) -> Count {
            let found = Shared<Count>(Count(thread: 0, allocations: 0))
            let done = DispatchSemaphore(value: 0)
            loop.execute {
                found.withLock {
                    $0 = Count(thread: pthread_self(), allocations: malloc_count())
                }
                done.signal()
            }
            done.wait()
            return found.withLock { $0 }
        }
    }

    @Test(
        "echoing a message allocates nothing",
        .enabled(if: malloc_count_works() == 1), .timeLimit(.minutes(1)),
        arguments: [(20, 1), (1_024, 1), (1_024, 8)])
    func echo(bytes: Int, together: Int) async throws {
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let server = try await EchoServer.start(listen: [address], log: .silent)
        let socket = try RawSocket(server.addresses[0])
        _ = try socket.upgrade(path: "/")
        let payload = [UInt8](repeating: 0x61, count: bytes)
        let sent = (0..<together).flatMap { _ in RawSocket.frame(0x81, payload) }
        let expected = (0..<together).flatMap { _ in RawSocket.answer(0x81, payload) }
        let loop = server.echo.loop
        let windows = await withCheckedContinuation { continuation in
            // Its own thread: it blocks.
            DispatchQueue(label: "client").async {
                func echo() {
                    for _ in 0..<20 {
                        socket.write(sent)
                        #expect(socket.read(expected.count) == expected)
                    }
                }
                for _ in 0..<10 { echo() }
                // A loop may move to another thread between two turns, and what else runs there
                // counts too: so in windows, of which most are undisturbed.
                var windows: [UInt64] = []
                for _ in 0..<100 {
                    let before = Count.of(loop)
                    echo()
                    let after = Count.of(loop)
                    guard before.thread == after.thread else { continue }
                    windows.append(after.allocations - before.allocations)
                }
                continuation.resume(returning: windows.sorted())
            }
        }
        await server.stop()
        try #require(windows.count >= 10)
        #expect(
            windows[windows.count / 2] <= Self.allocationsPerRoundMax * 20,
            "allocations of 20 rounds each: \(windows)")
    }

    /// None at all when optimised. Without optimisation a turn puts the contexts of some closures
    /// on the heap; but eight messages in one turn may cost no more than one.
    private static var allocationsPerRoundMax: UInt64 {
        #if DEBUG
            5
        #else
            0
        #endif
    }
}
