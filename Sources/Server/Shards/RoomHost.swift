import Model
import Rooms

/// A room in its home: with where its members sit, and who may come in.
final class RoomHost {
    var room: Room
    let owner: Identifier
    let isPublic: Bool
    var seats: [MemberNumber: PeerAddress] = [:]
    /// The disk may hold something else than the room believes: when it works again, the room is
    /// read anew.
    var mustReload = false

    init(room: Room, owner: Identifier, isPublic: Bool) {
        self.room = room
        self.owner = owner
        self.isPublic = isPublic
    }
}

enum RoomSlot {
    /// It is being read; these wait.
    case loading([JoinCall])
    case open(RoomHost)
}
