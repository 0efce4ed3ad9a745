import Glibc
import Testing

import Transport

/// Loop, listener and sockets together, against plain blocking clients.
@Suite(.timeLimit(.minutes(2)))
struct EchoTests {
    private static func makeServer() throws -> EchoServer {
        let loop = try EventLoop(label: "echo")
        let listener = try Listener.bind(host: "127.0.0.1", port: 0)
        let server = EchoServer(loop: loop, listener: listener)
        server.start()
        return server
    }

    // In a process of its own, because it counts the descriptors.
    @Test func `A hundred connections get back what they sent, and nothing stays open`() async {
        await #expect(processExitsWith: .success) {
            try await Self.echoAndStop()  // what the runtime opens once is open now
            let before = openDescriptors()
            try await Self.echoAndStop()
            #expect(openDescriptors() == before)
        }
    }

    private static func echoAndStop() async throws {
        let server = try makeServer()
        let port = server.listener.port
        let clients = try (0..<100).map { _ in try PlainClient(port: port) }
        let wrong = await blocking {
            var wrong = 0
            for round in 0..<10 {
                for (index, client) in clients.enumerated() {
                    _ = client.write([UInt8](repeating: UInt8(index), count: 20 + round))
                }
                for (index, client) in clients.enumerated() {
                    let back = client.read(20 + round)
                    if back != [UInt8](repeating: UInt8(index), count: 20 + round) { wrong += 1 }
                }
            }
            return wrong
        }
        #expect(wrong == 0)
        #expect(server.tally.value.accepted == 100)
        clients.forEach { $0.close() }
        await server.tally.wait("every end of stream is seen") { $0.ended == 100 }
        await server.stop()
        await server.loop.stopAndWait()
    }

    @Test func `A slow reader arms the write interest, gets everything in order, and disarms it`()
        async throws
    {
        let server = try Self.makeServer()
        let client = try PlainClient(port: server.listener.port, receiveBufferBytes: 4096)
        let count = 24 << 20
        let sent = [UInt8]((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 12) })
        async let written = blocking {
            var done = 0
            while done < count {
                let step = client.write(Array(sent[done..<min(count, done + 100_000)]))
                guard step > 0 else { break }
                done += step
            }
            client.finishWriting()
            return done
        }
        // Nobody reads until the kernel has refused the server, and the server the client: only
        // the write interest can bring this forward again.
        await server.tally.wait("both are stuck") {
            $0.armings == 1 && $0.blockedBytesMax >= 1 << 20
        }
        let back = await blocking { client.read(count) }
        #expect(await written == count)
        #expect(back == sent)
        #expect(await blocking { client.read(1) } == [])
        await server.tally.wait("the peer is done") { $0.ended == 1 }
        let tally = server.tally.value
        #expect(tally.armings == tally.disarmings)
        #expect(tally.blockedBytesMax < (1 << 20) + Socket.readBufferBytes)
        client.close()
        await server.stop()
        await server.loop.stopAndWait()
    }

    @Test func `Bytes and the end of the stream that came together are both seen`() async throws {
        let server = try Self.makeServer()
        let client = try PlainClient(port: server.listener.port)
        _ = client.write(Array("last words".utf8))
        client.finishWriting()
        #expect(await blocking { client.read(100) } == Array("last words".utf8))
        await server.tally.wait("ended") { $0.ended == 1 }
        client.close()
        await server.stop()
        await server.loop.stopAndWait()
    }

    @Test func `A reset is seen also while reads are off and bytes are unread`() async throws {
        let loop = try EventLoop(label: "reset")
        let listener = try Listener.bind(host: "127.0.0.1", port: 0)
        let hangups = Box<[Readiness]>([])
        let probe = ResetProbe(loop: loop, listener: listener, hangups: hangups)
        probe.start()
        let client = try PlainClient(port: listener.port)
        _ = client.write([1, 2, 3])
        await probe.watching.wait("accepted") { $0 }
        client.abort()
        await hangups.wait("the reset is reported") { !$0.isEmpty }
        #expect(hangups.value.first?.hangup == true)
        #expect(hangups.value.first?.token == 7)
        await probe.stop()
        await loop.stopAndWait()
    }
}

/// Accepts one connection, never reads it, and reports what the loop says of it.
private actor ResetProbe {
    let loop: EventLoop
    let listener: Listener
    let hangups: Box<[Readiness]>
    let watching = Box(false)
    private var socket: Socket?

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    init(loop: EventLoop, listener: Listener, hangups: Box<[Readiness]>) {
        self.loop = loop
        self.listener = listener
        self.hangups = hangups
    }

    nonisolated func start() {
        loop.start { [self] batch in assumeIsolated { $0.turn(batch) } }
        loop.execute { [self] in
            assumeIsolated { try? $0.loop.watch(fd: $0.listener.fd, token: 1) }
        }
    }

    func stop() { listener.close() }

    private func turn(_ batch: [Readiness]) {
        for event in batch {
            if event.token == 1 {
                _ = listener.accept(on: loop, now: EventLoop.now) { accepted in
                    socket = accepted
                    try? loop.watch(fd: accepted.fd, token: 7)
                    loop.setReadInterest(fd: accepted.fd, false)
                    watching.update { $0 = true }
                }
            } else {
                hangups.update { $0.append(event) }
                if let socket { loop.close(socket) }
            }
        }
    }
}
