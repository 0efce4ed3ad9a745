import Testing
import WebSocket

@Suite struct ClosingTests {
    @Test(
        "RFC 6455 §7.1.1: the handshake from either side; the server closes first",
        arguments: Side.allCases)
    func handshake(side: Side) {
        var here = side.connection()
        var there = side.other.connection()
        #expect(here.send(text: "last") == .queued)
        here.close(code: .goingAway, reason: "restart", now: .zero)
        #expect(!here.isOpen && here.transportAction == .keepOpen)
        #expect(here.send(text: "late") == .notOpen)
        // §5.5.1: data that crosses our Close is ignored.
        _ = there.send(text: "crossing")
        _ = there.send(binary: [UInt8](repeating: 1, count: 2_000_000))
        here.receive(there.takeOutput())
        #expect(here.takeEvents() == [])
        there.receive(here.takeOutput())
        #expect(
            there.takeEvents() == [
                .text("last".bytes), .closed(code: .goingAway, reason: "restart", isClean: true),
            ])
        here.receive(there.takeOutput())
        #expect(here.takeEvents() == [.closed(code: .goingAway, reason: "", isClean: true)])
        let (server, client): (TransportAction, TransportAction) = (
            .closeWhenFlushed, .awaitPeerClose
        )
        #expect(here.transportAction == (side == .server ? server : client))
        #expect(there.transportAction == (side == .server ? client : server))
    }

    @Test("RFC 6455 §7.1.5: Close frames that cross", arguments: Side.allCases)
    func simultaneous(side: Side) {
        var here = side.connection()
        var there = side.other.connection()
        here.close(code: .normal, now: .zero)
        there.close(code: .goingAway, now: .zero)
        let (mine, theirs) = (here.takeOutput(), there.takeOutput())
        here.receive(theirs)
        there.receive(mine)
        #expect(here.takeEvents() == [.closed(code: .goingAway, reason: "", isClean: true)])
        #expect(there.takeEvents() == [.closed(code: .normal, reason: "", isClean: true)])
        #expect(here.outbox.isEmpty && there.outbox.isEmpty)
    }

    @Test("RFC 6455 §7.1.5: a Close without a code", arguments: Side.allCases)
    func noStatus(side: Side) {
        let trace = Trace(side, side.incoming(0x88), pieces: [99])
        #expect(trace.events == [.closed(code: .noStatus, reason: "", isClean: true)])
        #expect(trace.output.count == (side == .server ? 2 : 6))
    }

    @Test("RFC 6455 §5.5.1: what follows a Close is ignored", arguments: Side.allCases)
    func dataAfterClose(side: Side) {
        let bytes = side.incoming(0x88) + side.incoming(0x81, [1]) + [0xFF, 0xFF]
        for pieces in [[1], [bytes.count]] {
            #expect(Trace(side, bytes, pieces: pieces).events.count == 1)
        }
    }

    @Test("RFC 6455 §7.1.5: the end of TCP without a Close is 1006", arguments: Side.allCases)
    func endOfFile(side: Side) {
        var connection = side.connection()
        _ = connection.send(text: "unsent")
        connection.eof()
        connection.eof()
        #expect(connection.takeEvents() == [.closed(code: .abnormal, reason: "", isClean: false)])
        #expect(connection.transportAction == .closeNow && connection.outbox.isEmpty)
        #expect(connection.nextDeadline == nil)
    }

    @Test("RFC 6455 §7.1.1: a peer that closes its half behind its Close still gets ours")
    func halfClosed() {
        var server = Side.server.connection()
        server.receive(Side.server.incoming(0x88))
        server.eof()
        #expect(server.transportAction == .closeWhenFlushed)
        #expect(server.takeOutput() == [0x88, 0])
        var client = Side.client.connection()
        client.receive(Side.client.incoming(0x88))
        client.eof()
        #expect(client.transportAction == .closeNow)
    }

    @Test("RFC 6455 §5.5: a long reason is cut after a whole character", arguments: Side.allCases)
    func longReason(side: Side) {
        var here = side.connection()
        here.close(code: .normal, reason: String(repeating: "\u{e9}", count: 100), now: .zero)
        var there = side.other.connection()
        there.receive(here.takeOutput())
        let reason = String(repeating: "\u{e9}", count: 61)
        #expect(there.takeEvents() == [.closed(code: .normal, reason: reason, isClean: true)])
    }

    @Test(
        "RFC 6455 §7.1.7: a violation after our Close sends no second one", arguments: Side.allCases
    )
    func violationAfterClose(side: Side) {
        var connection = side.connection()
        connection.close(code: .normal, now: .zero)
        _ = connection.takeOutput()
        connection.receive(side.incoming(0x83))
        #expect(connection.takeEvents().first == .violation(.reservedOpcode))
        #expect(connection.outbox.isEmpty && connection.transportAction == .closeWhenFlushed)
    }

    @Test(
        "RFC 6455 §7.1.2: our Close inside a message of the peer, the rest is passed over",
        arguments: Side.allCases)
    func closeInsideMessage(side: Side) {
        var connection = side.connection()
        let frame = side.incoming(0x01, "abcdef".bytes)
        connection.receive(Array(frame.dropLast(3)))
        connection.close(code: .normal, now: .zero)
        connection.receive(Array(frame.suffix(3)) + side.incoming(0x80, [0xFF]))
        connection.receive(side.incoming(0x89) + side.incoming(0x88, [0x03, 0xE8]))
        #expect(connection.takeEvents() == [.closed(code: .normal, reason: "", isClean: true)])
    }

    // MARK: - What stands before the end

    /// Echoes what `bytes` mean, taken one at a time or all in one read, and gives what the peer is
    /// told.
    private func answered(
        _ connection: inout Connection, _ side: Side, _ bytes: [UInt8], oneByOne: Bool,
        eof: Bool = false
    ) -> [Event] {
        var offset = 0
        if !oneByOne {
            connection.receive(bytes)
            offset = bytes.count
        }
        if eof, !oneByOne { connection.eof() }
        while let event = connection.nextEvent(of: bytes.span, from: &offset, now: .zero) {
            if case .text(let text) = event { #expect(connection.send(text: text) == .queued) }
            connection.recycle(consume event)
        }
        if eof, oneByOne { connection.eof() }
        var peer = side.other.connection()
        peer.receive(connection.takeOutput())
        return peer.takeEvents()
    }

    @Test(
        "RFC 6455 §5.5.1: what is answered to the messages before a Close leaves before our Close",
        arguments: Side.allCases, [false, true])
    func answersBeforeClose(side: Side, oneByOne: Bool) {
        let messages = side.incoming(0x81, "one".bytes) + side.incoming(0x81, "two".bytes)
        let bytes = messages + side.incoming(0x88, [0x03, 0xE8]) + side.incoming(0x81, "no".bytes)
        // A client whose server has closed has nobody left to write to.
        for eof in side == .server ? [false, true] : [false] {
            var connection = side.connection()
            #expect(
                answered(&connection, side, bytes, oneByOne: oneByOne, eof: eof) == [
                    .text("one".bytes), .text("two".bytes),
                    .closed(code: .normal, reason: "", isClean: true),
                ])
            #expect(!connection.isOpen && connection.nextEvent() == nil)
        }
    }

    @Test(
        "RFC 6455 §7.1.7: what is answered to the messages before a violation leaves before it",
        arguments: Side.allCases, [false, true])
    func answersBeforeViolation(side: Side, oneByOne: Bool) {
        let bytes = side.incoming(0x81, "one".bytes) + side.incoming(0x83)
        var connection = side.connection()
        let told = answered(&connection, side, bytes, oneByOne: oneByOne)
        guard told.count == 2, told[0] == .text("one".bytes),
            case .closed(.protocolError, _, true) = told[1]
        else {
            Issue.record("\(told)")
            return
        }
        #expect(connection.transportAction == .closeWhenFlushed)
    }

    @Test("our Close for a message before the peer's is the only one", arguments: Side.allCases)
    func closedBetween(side: Side) {
        var connection = side.connection()
        connection.receive(side.incoming(0x81, "a".bytes) + side.incoming(0x88, [0x03, 0xE8]))
        #expect(connection.nextEvent() == .text("a".bytes))
        connection.close(code: .goingAway, now: .zero)
        #expect(connection.takeEvents() == [.closed(code: .normal, reason: "", isClean: true)])
        var peer = side.other.connection()
        peer.receive(connection.takeOutput())
        #expect(peer.takeEvents() == [.closed(code: .goingAway, reason: "", isClean: true)])
    }

    @Test("an end whose messages are never taken ends in time", arguments: Side.allCases)
    func neverTaken(side: Side) {
        var connection = side.connection()
        connection.receive(side.incoming(0x81, "a".bytes) + side.incoming(0x83))
        connection.deadlineReached(now: .seconds(25))
        connection.deadlineReached(now: .seconds(45))
        #expect(connection.transportAction == .closeNow)
        #expect(
            connection.takeEvents() == [
                .text("a".bytes), .closed(code: .abnormal, reason: "", isClean: false),
            ])
    }
}
