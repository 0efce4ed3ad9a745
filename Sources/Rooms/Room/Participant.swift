package import Model
import Wire

/// Who asks to come in, as the server knows them.
package struct Participant: Hashable, Sendable {
    /// Nil for a guest.
    package let user: Identifier?
    package internal(set) var name: String
    package let role: Role

    package init(user: Identifier?, name: String, role: Role) {
        self.user = user
        self.name = name
        self.role = role
    }
}

/// A member's number: given by the room, per join.
package typealias MemberNumber = Int64

/// What the room remembers of somebody who is in.
struct RoomMember {
    var participant: Participant
    let number: MemberNumber
    let wantsStamps: Bool
    /// Whether the others are told of this member. `Protocol/rooms.md#presence`.
    let isListed: Bool
    var replica: ReplicaID?
    var touching: String?
    /// The number that it came in or caught up with.
    var sentNumber: Int64
    /// Set while the socket is backed up: the last number that was sent.
    var behindSince: Int64?

    var wire: Member {
        Member(
            number: number, name: participant.name, role: participant.role, touching: touching)
    }
}
