import Model
import Replica
import Rooms
import TestSupport
import Wire

/// A client, and a server that may say anything.
enum SessionEntry {
    /// Each line is one message of the server. The session has a joined room with an edit under
    /// way; at the end the socket goes and comes back.
    static func serverEvent(_ bytes: [UInt8]) throws(FuzzFailure) {
        var now = Duration.seconds(1)
        var session = Session(token: "t", seed: 1)
        session.join(Fixture.room)
        session.socketOpened(now: now)
        for message in prelude { session.receive(message, now: now) }
        _ = session.edit(Fixture.room, EditContent(set: ["/title": "mine"]), now: now)
        try check(&session)
        for line in FuzzInput(bytes).lines {
            now += .milliseconds(10)
            session.receive(line, now: now)
            _ = session.rooms[Fixture.room]?.shown
            if let deadline = session.nextDeadline, deadline < now + .seconds(1_000) {
                session.wake(now: max(now, deadline))
            }
            try check(&session)
        }
        _ = session.edit(Fixture.room, EditContent(set: ["/title": "again"]), now: now)
        _ = session.socketClosed(code: 1006, reason: "", now: now)
        session.socketOpened(now: now)
        for message in prelude { session.receive(message, now: now) }
        try check(&session)
    }

    /// Whatever came, what is sent is what a server can read.
    private static func check(_ session: inout Session) throws(FuzzFailure) {
        _ = session.takeOutputs()
        for bytes in session.takeOutgoing() {
            guard let message = try? IncomingMessage(bytes: bytes),
                case .single(.success) = message
            else { throw FuzzFailure(description: "a client sends what can be read") }
        }
    }

    /// Hello, the session, and the room: the calls of a session are numbered from 1.
    private static let prelude: [[UInt8]] = {
        let hello = ServerMessage.notification(
            method: "hello", params: ["timeMs": 1_790_000_000_000, "heartbeatSeconds": 25])
        let opened = ServerMessage.result(.integer(1), [:])
        let joined = (try? TestRoom().join()).map {
            Event(stream: .room(Fixture.room), kind: .joined, data: $0.json).bytes
        }
        return [hello.bytes, opened.bytes, joined ?? []]
    }()
}
