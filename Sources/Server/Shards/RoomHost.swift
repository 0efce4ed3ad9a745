import Model
import Rooms
import Wire

/// A room in its home: with where its members sit, and who may come in.
final class RoomHost {
    var room: Room
    let owner: Identifier
    let isPublic: Bool
    var seats: [MemberNumber: PeerAddress] = [:]
    /// The disk may hold something else than the room believes: when it works again, the room is
    /// read anew.
    var mustReload = false
    /// Edits that were sent as requests and wait for the disk, by the numbers that the room knows
    /// them by: ids of different sockets and batches may be equal, and an answer is due also to
    /// who has left the room meanwhile.
    private var calls: [CallNumber: Reply] = [:]
    private var nextCall: CallNumber = 1
    /// When a difference with a client was last logged in full.
    var healLoggedAt: Duration?

    init(room: Room, owner: Identifier, isPublic: Bool) {
        self.room = room
        self.owner = owner
        self.isPublic = isPublic
    }

    /// Keeps where the answer goes; nil for a notification.
    func keepCall(_ reply: Reply) -> CallNumber? {
        guard reply.id != nil else { return nil }
        defer { nextCall += 1 }
        calls[nextCall] = reply
        return nextCall
    }

    func takeCall(_ number: CallNumber?) -> Reply? {
        number.flatMap { calls.removeValue(forKey: $0) }
    }
}

enum RoomSlot {
    /// It is being read; these wait.
    case loading([JoinCall])
    case open(RoomHost)
}
