import Testing
import WebSocket

@Suite struct ClosingTests {
    @Test(
        "RFC 6455 §7.4: codes that a peer may send", arguments: Side.allCases,
        [
            1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999,
            4000, 4999,
        ]
            as [UInt16])
    func validCodes(side: Side, code: UInt16) {
        let code = CloseCode(rawValue: code)
        let payload = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)]
        var connection = side.connection()
        connection.receive(side.incoming(0x88, payload + "so".bytes))
        #expect(connection.takeEvents() == [.closed(code: code, reason: "so", isClean: true)])
        var peer = side.other.connection()
        peer.receive(connection.takeOutput())
        #expect(peer.takeEvents() == [.closed(code: code, reason: "", isClean: true)])
    }

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
}
