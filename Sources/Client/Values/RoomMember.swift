package import Wire
import Model

/// Somebody in a room.
public struct RoomMember: Hashable, Sendable, Identifiable {
    /// Given by the server, for the time that they are here.
    public let id: Int64
    public let name: String
    /// `owner`, `editor`, `viewer` or `guest`.
    public let role: String
    /// A pointer to the field or instrument that their hand is on.
    public let touching: String?
    /// Whether it is this client.
    public let isSelf: Bool

    package init(_ member: Member, isSelf: Bool) {
        id = member.number
        name = member.name
        role = member.role.rawValue
        touching = member.touching
        self.isSelf = isSelf
    }
}
