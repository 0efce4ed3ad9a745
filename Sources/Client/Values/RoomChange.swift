/// That something is other than it was; ask the room what.
public enum RoomChange: Hashable, Sendable {
    /// The room was joined, or joined again: anything may differ.
    case joined
    /// The confirmed document changed.
    case document
    case members
    /// What the room plays, or who leads.
    case playing
    /// One of this client's edits is on disk for good.
    case settled
    /// One of this client's edits was dropped: the server will never take it.
    case refused(ServerError)
    /// Undoing left this place out, a pointer: somebody else has written there since.
    case skipped(String)
    /// The last word: you are no longer in this room.
    case left(code: String, reason: String)
}
