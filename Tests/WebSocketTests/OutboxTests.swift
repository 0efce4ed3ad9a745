import Testing
import WebSocket

@Suite struct OutboxTests {
    @Test(
        "A frame is shared, not copied, and leaves in any pieces", arguments: [1, 2, 3, 100, 5_000])
    func shared(piece: Int) {
        let frame = Frame.encode(binary: [UInt8](repeating: 5, count: 3_000))
        var one = Side.server.connection()
        var two = Side.server.connection()
        _ = one.send(text: "before")
        #expect(one.enqueue(frame: frame) == .queued)
        #expect(two.enqueue(frame: frame) == .queued)
        _ = one.send(text: "after")
        #expect(one.outbox.chunkCount == 3 && one.outbox.byteCount == 8 + frame.count + 7)
        let (first, second) = (one.outbox.chunk(1), two.outbox.chunk(0))
        let same = first.span.isIdentical(to: second.span)
        #expect(same)
        let expected =
            Frame.encode(text: "before".bytes) + frame + Frame.encode(text: "after".bytes)
        #expect(one.takeOutput(piece: piece) == expected)
        #expect(two.takeOutput(piece: piece) == frame)
    }

    @Test("Small frames leave together, long queues in order")
    func gathering() {
        var server = Side.server.connection()
        var expected: [UInt8] = []
        for index in 0..<3_000 {
            let text = Array("message \(index)".utf8)
            let frame = Frame.encode(text: text)
            expected += frame
            let outcome = index % 7 == 0 ? server.enqueue(frame: frame) : server.send(text: text)
            #expect(outcome == .queued)
        }
        #expect(server.outbox.chunkCount < 1_000)
        #expect(server.takeOutput(piece: 777) == expected)
        #expect(server.outbox.chunkCount == 0 && server.outbox.byteCount == 0)
    }

    @Test(
        "The marks: soft says so, hard refuses data and lets control through",
        arguments: Side.allCases)
    func marks(side: Side) {
        let limits = ConnectionLimits(outboxSoftMarkBytes: 50, outboxHardMarkBytes: 100)
        var connection = side.connection(limits)
        let header = side == .server ? 2 : 6
        #expect(connection.send(binary: [UInt8](repeating: 0, count: 50 - header)) == .queued)
        #expect(connection.outbox.isAboveSoftMark == false)
        #expect(connection.send(binary: [UInt8](repeating: 0, count: 50 - header)) == .queued)
        #expect(connection.outbox.isAboveSoftMark && connection.outbox.byteCount == 100)
        #expect(connection.send(binary: []) == .overflow)
        #expect(connection.ping() == .overflow)
        if side == .server { #expect(connection.enqueue(frame: [0x82, 0]) == .overflow) }
        connection.consumeOutput(bytes: header)
        #expect(connection.send(binary: []) == .queued)
        connection.close(code: .tryAgainLater, now: .zero)
        #expect(connection.outbox.byteCount > 100)
    }

    @Test("The number of chunks is bounded too")
    func chunksMax() {
        var server = Side.server.connection(ConnectionLimits(outboxChunksMax: 2))
        let frame = Frame.encode(binary: [])
        #expect(server.enqueue(frame: frame) == .queued && server.enqueue(frame: frame) == .queued)
        #expect(server.enqueue(frame: frame) == .overflow)
    }

    @Test("What has not begun to leave can be forgotten without breaking a frame")
    func discard() {
        let frame = Frame.encode(binary: [UInt8](repeating: 5, count: 300))
        var server = Side.server.connection()
        _ = server.enqueue(frame: frame)
        _ = server.enqueue(frame: frame)
        _ = server.send(text: "forgotten")
        server.consumeOutput(bytes: 10)
        server.discardUnsentOutput()
        #expect(server.outbox.byteCount == frame.count - 10)
        _ = server.send(text: "bye")
        #expect(server.takeOutput() == frame.dropFirst(10) + Frame.encode(text: "bye".bytes))
        _ = server.send(text: "forgotten")
        server.discardUnsentOutput()
        #expect(server.outbox.isEmpty && server.outbox.chunkCount == 0)
    }

    @Test(
        "RFC 6455 §5.5.3: a flood of Pings costs one Pong when output is backed up",
        arguments: Side.allCases)
    func pingFlood(side: Side) {
        var connection = side.connection(ConnectionLimits(pongBacklogBytesMax: 200))
        let overhead = side == .server ? 2 : 6
        for index in 0..<1_000 {
            let payload =
                [UInt8(index >> 8), UInt8(index & 0xFF)] + [UInt8](repeating: 0, count: 98)
            connection.receive(side.incoming(0x89, payload))
        }
        #expect(connection.outbox.byteCount <= 200 + 100 + overhead)
        var peer = side.other.connection()
        peer.receive(connection.takeOutput())
        let last = peer.takeEvents().last
        #expect(last == .pong([0x03, 0xE7] + [UInt8](repeating: 0, count: 98)))
        #expect(connection.outbox.byteCount == 0)
    }
}
