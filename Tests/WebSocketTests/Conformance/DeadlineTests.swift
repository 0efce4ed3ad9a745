import Testing
import WebSocket

@Suite struct DeadlineTests {
    private let limits = ConnectionLimits(
        pingInterval: .seconds(30), pongTimeout: .seconds(10), closeTimeout: .seconds(5))

    @Test("RFC 6455 §5.5.2: silence brings a Ping, more silence the end", arguments: Side.allCases)
    func keepalive(side: Side) {
        var connection = side.connection(limits)
        #expect(connection.nextDeadline == .seconds(30))
        connection.deadlineReached(now: .seconds(29))
        #expect(connection.outbox.byteCount == 0)
        connection.deadlineReached(now: .seconds(30))
        var peer = side.other.connection()
        peer.receive(connection.takeOutput())
        #expect(peer.takeEvents() == [.ping([])])
        #expect(connection.nextDeadline == .seconds(40))
        connection.receive(peer.takeOutput(), now: .seconds(31))
        #expect(connection.takeEvents() == [.pong([])])
        #expect(connection.nextDeadline == .seconds(61))
        connection.deadlineReached(now: .seconds(61))
        // That the kernel took the Ping is no sign of life.
        #expect(!connection.takeOutput().isEmpty)
        connection.deadlineReached(now: .seconds(71))
        #expect(connection.takeEvents() == [.closed(code: .abnormal, reason: "", isClean: false)])
        #expect(connection.transportAction == .closeNow && connection.nextDeadline == nil)
    }

    @Test("A reader that is slow but reads is not taken for dead")
    func slowReader() {
        var server = Side.server.connection(limits)
        _ = server.send(binary: [UInt8](repeating: 1, count: 1_000))
        server.deadlineReached(now: .seconds(30))
        server.consumeOutput(bytes: 10)
        server.deadlineReached(now: .seconds(40))
        #expect(server.isOpen && server.nextDeadline == .seconds(50))
        server.deadlineReached(now: .seconds(50))
        #expect(!server.isOpen && server.transportAction == .closeNow)
    }

    @Test("No interval, no Ping")
    func withoutPing() {
        var server = Side.server.connection(ConnectionLimits(pingInterval: nil))
        #expect(server.nextDeadline == nil)
        server.deadlineReached(now: .seconds(1_000_000))
        #expect(server.isOpen && server.outbox.isEmpty)
    }

    @Test("RFC 6455 §7.1.1: a peer that never answers our Close", arguments: Side.allCases)
    func closeTimeout(side: Side) {
        var connection = side.connection(limits)
        connection.close(code: .normal, now: .seconds(1))
        #expect(connection.nextDeadline == .seconds(6))
        connection.receive(side.incoming(0x89), now: .seconds(4))
        #expect(connection.nextDeadline == .seconds(6))
        connection.deadlineReached(now: .seconds(6))
        #expect(connection.takeEvents() == [.closed(code: .abnormal, reason: "", isClean: false)])
        #expect(connection.transportAction == .closeNow)
    }

    @Test("RFC 6455 §7.1.1: a TCP connection that does not end", arguments: Side.allCases)
    func transportTimeout(side: Side) {
        var connection = side.connection(limits)
        connection.receive(side.incoming(0x88), now: .seconds(1))
        #expect(connection.takeEvents().count == 1 && connection.nextDeadline == .seconds(6))
        connection.deadlineReached(now: .seconds(6))
        #expect(connection.takeEvents() == [] && connection.transportAction == .closeNow)
        #expect(connection.outbox.isEmpty && connection.nextDeadline == nil)
    }

    @Test(
        "who stops inside a message is taken for gone, whatever else it sends",
        arguments: Side.allCases)
    func stalledMessage(side: Side) {
        var connection = Connection(
            role: side.role,
            limits: ConnectionLimits(messageTimeout: .seconds(20), pingInterval: .seconds(300)),
            now: .zero)
        connection.receive(side.incoming(0x01, "Hel".bytes).span, now: .seconds(1))
        #expect(connection.nextDeadline == .seconds(21))
        connection.receive(side.incoming(0x89, []).span, now: .seconds(15))
        connection.deadlineReached(now: .seconds(20))
        #expect(connection.isOpen == true)
        connection.receive(side.incoming(0x80, "lo".bytes).span, now: .seconds(20))
        #expect(connection.nextDeadline == .seconds(320))
        connection.receive(side.incoming(0x01, "Hel".bytes).span, now: .seconds(30))
        // More of it is not the end of it.
        connection.receive(side.incoming(0x00, "l".bytes).span, now: .seconds(45))
        connection.deadlineReached(now: .seconds(50))
        #expect(
            connection.takeEvents() == [
                .ping([]), .text("Hello".bytes),
                .closed(code: .abnormal, reason: "", isClean: false),
            ])
        #expect(connection.transportAction == .closeNow)
    }
}
