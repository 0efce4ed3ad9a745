import Glibc
import Testing

import Transport

@Suite(.timeLimit(.minutes(1)))
struct SocketTests {
    /// A connected pair: our side non-blocking, the other plain.
    private func pair() throws -> (Socket, Int32) {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        return (Socket(owning: ends[0], peerAddress: nil), ends[1])
    }

    private func readAll(_ fd: Int32, _ count: Int) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        let got = unsafe buffer.withUnsafeMutableBytes {
            unsafe recv(fd, $0.baseAddress, count, Int32(MSG_WAITALL))
        }
        return Array(buffer[..<max(0, got)])
    }

    @Test func `Chunks past the bound of one call, some of them empty, arrive whole and in order`()
        throws
    {
        let (socket, other) = try pair()
        defer { Glibc.close(other) }
        var queue = WriteQueue()
        var expected: [UInt8] = []
        for index in 0..<300 {
            let chunk = [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: index % 5)
            queue.append(chunk)
            expected += chunk
        }
        #expect(queue.byteCount == expected.count)
        #expect(queue.flush(to: socket) == .emptied)
        #expect(queue.isEmpty && queue.chunkCount == 0)
        #expect(readAll(other, expected.count) == expected)
    }

    @Test func `A write goes on inside a chunk where the kernel stopped`() throws {
        let (socket, other) = try pair()
        defer { Glibc.close(other) }
        #expect(socket.write([[1, 2, 3], [4], [5, 6]], firstOffset: 2) == .wrote(4))
        #expect(readAll(other, 4) == [3, 4, 5, 6])
        #expect(socket.write([]) == .wrote(0))
        var queue = WriteQueue()
        let total = 3_000_000
        var expected: [UInt8] = []
        for index in 0..<total / 1000 {
            let chunk = (0..<1000).map { UInt8(truncatingIfNeeded: index &* 7 &+ $0) }
            queue.append(chunk)
            expected += chunk
        }
        var received: [UInt8] = []
        var blocked = 0
        while queue.flush(to: socket) == .blocked {
            blocked += 1
            received += readAll(other, min(50_001, total - received.count - queue.byteCount))
        }
        received += readAll(other, total - received.count)
        #expect(blocked > 1)
        #expect(received == expected)
    }

    @Test func `A drain tells nothing now, bytes and the end apart, and keeps its bound`()
        throws
    {
        let (socket, other) = try pair()
        var buffer = [UInt8](repeating: 0, count: 10)
        #expect(socket.drain(through: &buffer) { _ in false } == .drained)
        #expect(unsafe Glibc.write(other, "abcdefghijklmnopqrstuvwxyz", 26) == 26)
        var sizes: [Int] = []
        let limited = socket.drain(through: &buffer, bytesMax: 20) { bytes in
            sizes.append(bytes.count)
            return true
        }
        #expect(limited == .limited)
        let rest = socket.drain(through: &buffer) { bytes in
            sizes.append(bytes.count)
            return true
        }
        #expect(rest == .drained)
        #expect(sizes == [10, 10, 6])
        Glibc.close(other)
        #expect(socket.drain(through: &buffer) { _ in true } == .eof)
        #expect(socket.write([[1]]) == .failed(.brokenPipe))
    }

    @Test func `A socket closes once, however often it is asked`() throws {
        let (socket, other) = try pair()
        defer { Glibc.close(other) }
        let number = socket.fd
        socket.close()
        #expect(socket.isClosed && socket.fd == -1)
        // Another descriptor may get the number: a second close must not touch it.
        let taken = fcntl(other, F_DUPFD, number)
        socket.close()
        #expect(fcntl(taken, F_GETFD) >= 0)
        Glibc.close(taken)
        var buffer: [UInt8] = [0]
        #expect(socket.drain(through: &buffer) { _ in false } == .failed(.closed))
    }

    @Test func `Connecting reports success and refusal through the loop`() async throws {
        let listener = try Listener.bind(host: "127.0.0.1", port: 0)
        let loop = try EventLoop(label: "connect")
        let gone = try Listener.bind(host: "127.0.0.1", port: 0)
        let deadAddress = gone.address
        gone.close()
        let good = try Socket.connect(to: listener.address)
        let bad = try Socket.connect(to: deadAddress)
        let outcomes = Box<[UInt64: SystemError?]>([:])
        loop.start { batch in
            for event in batch where event.writable || event.hangup {
                let socket = event.token == 1 ? good : bad
                outcomes.update { $0[event.token] = .some(socket.connectFailure()) }
                loop.unwatch(fd: socket.fd)
            }
        }
        loop.execute {
            try? loop.watchConnecting(good, token: 1)
            try? loop.watchConnecting(bad, token: 2)
        }
        await outcomes.wait("both attempts end") { $0.count == 2 }
        #expect(outcomes.value[1] == .some(nil))
        #expect(outcomes.value[2] == .some(.connectionRefused))
        await loop.stopAndWait()
    }

    @Test
    func `RFC 6455 7.1.1: a lingering close delivers the last bytes although input is unread`()
        async throws
    {
        let server = try Closer(lingers: .seconds(30))
        let client = try PlainClient(port: server.listener.port)
        let (sent, farewell, end) = await blocking {
            // The server reads none of it: an ordinary close would answer with a reset.
            let sent = client.write([UInt8](repeating: 1, count: 80_000))
            return (sent, client.read(3), client.receive())
        }
        #expect(sent == 80_000)
        #expect(farewell == Array("bye".utf8))
        #expect(end == 0, "the end of the stream, not a reset")
        // What comes after the farewell is discarded, too.
        #expect(client.write([UInt8](repeating: 2, count: 10_000)) == 10_000)
        client.finishWriting()
        await server.socket.wait("closed when the peer has closed") { $0?.isClosed == true }
        client.close()
        await server.loop.stopAndWait()
    }

    @Test func `RFC 6455 7.1.1: a lingering close ends at its deadline when the peer stays`()
        async throws
    {
        let server = try Closer(lingers: .milliseconds(80))
        let client = try PlainClient(port: server.listener.port)
        let start = EventLoop.now
        _ = client.write([1])
        await server.socket.wait("closed at the deadline") { $0?.isClosed == true }
        #expect(EventLoop.now - start >= .milliseconds(80))
        client.close()
        await server.loop.stopAndWait()
    }

    @Test func `Stopping a loop closes the sockets that linger in it`() async throws {
        let server = try Closer(lingers: .seconds(3600))
        let client = try PlainClient(port: server.listener.port)
        _ = client.write([1])
        #expect(await blocking { client.read(10) } == Array("bye".utf8))
        await server.loop.stopAndWait()
        #expect(server.socket.value?.isClosed == true)
        client.close()
    }

    @Test func `Addresses are read and written as RFC 5952 says`() throws {
        #expect(SocketAddress(host: "127.0.0.1", port: 80)?.description == "127.0.0.1:80")
        #expect(SocketAddress(host: "[2001:DB8::0:1]", port: 1)?.description == "[2001:db8::1]:1")
        #expect(SocketAddress(host: "::ffff:127.0.0.1", port: 1)?.isLoopback == true)
        #expect(SocketAddress(host: "128.0.0.1", port: 1)?.isLoopback == false)
        for bad in ["localhost", "", "1.2.3", "1.2.3.4.5", "::g"] {
            #expect(SocketAddress(host: bad, port: 1) == nil)
        }
        let address = try #require(SocketAddress(host: "fe80::1", port: 4711))
        let copied = unsafe address.withKernelForm { form, length in
            unsafe SocketAddress.parse(UnsafeRawBufferPointer(start: form, count: Int(length)))
        }
        #expect(copied == address)
    }

    @Test func `Names are resolved away from the caller, numbers at once`() async throws {
        let resolver = NameResolver()
        let local = try await resolver.addresses(host: "localhost", port: 5)
        #expect(local.allSatisfy { $0.isLoopback && $0.port == 5 })
        #expect(!local.isEmpty)
        #expect(try await resolver.addresses(host: "10.0.0.1", port: 5).map(\.host) == ["10.0.0.1"])
        await #expect(throws: NameResolver.Failure.self) {
            try await resolver.addresses(host: "no such host.invalid", port: 5)
        }
    }
}

/// A server that says "bye" to its first connection on the first bytes, reads none of them, and
/// closes.
private final class Closer: Sendable {
    let loop: EventLoop
    let listener: Listener
    let socket = Box<Socket?>(nil)

    init(lingers: Duration) throws {
        loop = try EventLoop(label: "closer")
        listener = try Listener.bind(host: "127.0.0.1", port: 0)
        let (loop, listener, socket) = (loop, listener, socket)
        loop.start { batch in
            for event in batch {
                if event.token == 1 {
                    _ = listener.accept(on: loop, now: EventLoop.now) { accepted in
                        socket.update { $0 = accepted }
                        try? loop.watch(fd: accepted.fd, token: 2)
                    }
                } else if let peer = socket.value {
                    _ = peer.write([Array("bye".utf8)])
                    loop.closeLingering(peer, until: EventLoop.now + lingers)
                    socket.update { _ in }
                }
            }
        }
        loop.execute { try? loop.watch(fd: listener.fd, token: 1) }
    }
}
