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
        try open(&session, now: now)
        try FuzzFailure.check(session.isOnline, "a client opens its session")
        _ = session.edit(Fixture.room, EditContent(set: ["/title": "mine"]), now: now)
        _ = try requests(&session)
        for line in FuzzInput(bytes).lines {
            now += .milliseconds(10)
            session.receive(line, now: now)
            _ = session.rooms[Fixture.room]?.shown
            if let deadline = session.nextDeadline, deadline < now + .seconds(1_000) {
                session.wake(now: max(now, deadline))
            }
            _ = try requests(&session)
        }
        _ = session.edit(Fixture.room, EditContent(set: ["/title": "again"]), now: now)
        _ = session.socketClosed(code: 1006, reason: "", now: now)
        try open(&session, now: now)
    }

    /// A socket, with the session and the room if the client asks for them.
    private static func open(_ session: inout Session, now: Duration) throws(FuzzFailure) {
        session.socketOpened(now: now)
        session.receive(hello, now: now)
        for request in try requests(&session) where request.method == "session.open" {
            guard let id = request.id else { continue }
            session.receive(ServerMessage.result(id, [:]).bytes, now: now)
            try FuzzFailure.check(session.isOnline, "an answered session is open")
            session.receive(joined, now: now)
        }
        _ = try requests(&session)
    }

    /// What the client sends: whatever came, a server can read it.
    private static func requests(_ session: inout Session) throws(FuzzFailure) -> [Request] {
        _ = session.takeOutputs()
        var requests: [Request] = []
        for bytes in session.takeOutgoing() {
            guard let message = try? IncomingMessage(bytes: bytes),
                case .single(.success(let request)) = message
            else { throw FuzzFailure(description: "a client sends what can be read") }
            requests.append(request)
        }
        return requests
    }

    private static let hello = ServerMessage.notification(
        method: "hello", params: ["timeMs": 1_790_000_000_000, "heartbeatSeconds": 25]
    ).bytes
    private static let joined =
        (try? TestRoom().join()).map {
            Event(stream: .room(Fixture.room), kind: .joined, data: $0.json).bytes
        } ?? []
}
