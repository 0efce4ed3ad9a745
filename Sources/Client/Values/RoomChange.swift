/// That something is other than it was; ask the room what.
public enum RoomChange: Hashable, Sendable {
    /// The room was joined, or joined again: anything may differ.
    case joined
    /// The confirmed document changed.
    case document
    case members
    /// One of this client's edits is on disk for good.
    case settled
    /// One of this client's edits was dropped: the server will never take it.
    case refused(ServerError)
    /// The last word: you are no longer in this room.
    case left(code: String, reason: String)
}
