import Model
import Replica
import Wire

/// A pattern that is edited live. What it shows is the confirmed document with this client's own
/// pending edits laid over it; it can be asked at any time, also while the server is away.
public final class LiveRoom: Sendable {
    /// Changes that a slow reader of `changes` finds at most; older ones are dropped, and the
    /// document has them all.
    public static let changesBufferedMax = 256

    let client: SalsaClient
    let room: Model.Identifier

    /// The pattern's id.
    public var id: String { "\(room)" }

    init(client: SalsaClient, id: Model.Identifier) {
        self.client = client
        room = id
    }

    /// Makes an edit: shown at once, sent when the server can be reached.
    @discardableResult
    public func edit(_ edit: Edit) -> EditHandle {
        let promise = Promise<Void>()
        let room = room
        if let content = edit.content {
            client.onCore(promise) { $0.edit(room, content, promise) }
        } else {
            promise.resolve(.failure(.unreadable("a number that is not finite")))
        }
        return EditHandle(promise: promise)
    }

    /// What is to be shown: the confirmed document with pending edits over it. Nil when the room
    /// was left.
    public var document: PatternDocument? {
        get async {
            let room = room
            return await client.readCore({ $0.session.rooms[room]?.shown })?
                .map(PatternDocument.init(json:))
        }
    }

    /// What is on the server's disk, as far as this client has heard.
    public var confirmed: PatternDocument? {
        get async {
            let room = room
            return await client.readCore({ $0.session.rooms[room]?.confirmed })?
                .map(PatternDocument.init(json:))
        }
    }

    /// Who is here, in the order they came; empty while the server is away.
    public var members: [RoomMember] {
        get async {
            let room = room
            let members = await client.readCore({ core in
                core.session.rooms[room].map { replica in
                    replica.members.values.sorted { $0.number < $1.number }
                        .map { RoomMember($0, isSelf: $0.number == replica.member) }
                }
            })
            return (members ?? nil) ?? []
        }
    }

    public var state: RoomState? {
        get async {
            let room = room
            let state = await client.readCore({ core in
                core.session.rooms[room].map { replica in
                    RoomState(
                        role: replica.role?.rawValue, number: replica.cursor?.number ?? 0,
                        pendingCount: replica.pendingCount, isLive: replica.isLive,
                        memberCount: replica.memberCount, canUndo: replica.canUndo,
                        canRedo: replica.canRedo)
                }
            })
            return state ?? nil
        }
    }

    /// That something changed, from now on; it ends with `left`, or when the client is closed.
    public var changes: AsyncStream<RoomChange> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: RoomChange.self, bufferingPolicy: .bufferingNewest(Self.changesBufferedMax))
        let room = room
        client.onCore(orElse: { continuation.finish() }) { [weak client] core in
            guard let number = core.addRoomStream(room, continuation) else { return }
            continuation.onTermination = { [weak client] _ in
                client?.onCore { $0.removeRoomStream(room, number) }
            }
        }
        return stream
    }

    /// Tells the others what one's hand is on: a pointer to a field or an instrument, or nil.
    public func touch(_ pointer: String?) {
        let room = room
        client.onCore { $0.touch(room, pointer) }
    }

    /// Goes out. Pending edits are lost; their handles throw `left`.
    public func leave() {
        let room = room
        client.onCore { $0.leave(room) }
    }
}
