/// How a client stands in a room.
public struct RoomState: Hashable, Sendable {
    /// `owner`, `editor`, `viewer` or `guest`; nil before the server has answered.
    public let role: String?
    /// How many edits of the room's history this client has applied.
    public let number: Int64
    /// Edits that were made here and are not settled.
    public let pendingCount: Int
    /// Whether the room is joined on an open connection.
    public let isLive: Bool
    /// How many are here; exact even when not all are listed.
    public let memberCount: Int
    /// Whether `undo`, or `redo`, would change anything.
    public let canUndo: Bool
    public let canRedo: Bool

    /// Whether the server takes edits from this client.
    public var mayEdit: Bool { role == "owner" || role == "editor" }
}
