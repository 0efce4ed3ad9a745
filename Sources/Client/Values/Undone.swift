/// What undoing, or doing again, comes to.
public struct Undone: Sendable {
    /// The edit that does it; nil when nothing is left of it.
    public let edit: EditHandle?
    /// Pointers to what it changes.
    public let changed: [String]
    /// Pointers to what stays because somebody else has written there since. What only the server
    /// knows of is told later, by `RoomChange.skipped`.
    public let skipped: [String]
}
