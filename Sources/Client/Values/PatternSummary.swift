/// What lists show of a pattern. `Protocol/patterns.md`.
public struct PatternSummary: Decodable, Hashable, Sendable, Identifiable {
    /// A UUID; it also names the room.
    public let id: String
    /// Its owner.
    public let userId: String
    public let ownerName: String
    public let title: String
    public let description: String
    /// `Salsa` or `Merengue`: the machine that is shown.
    public let flavor: String
    /// Dance counts per minute, of that machine.
    public let bpm: Int
    /// Semitones above C of that machine.
    public let keyNote: Int
    public let isPublic: Bool
    /// What the caller may do with it: `owner`, `editor`, `viewer` or `guest`.
    public let role: String
    /// What it is a fork of, if the caller may see that.
    public let originalId: String?
    /// A path on the server that gives an SVG.
    public let thumbnailUrl: String
    public let playCount: Int
    public let likeCount: Int
    public let commentCount: Int
    public let forkCount: Int
    /// Milliseconds since 1970, as all names that end so.
    public let createdAtMs: Int64
    public let updatedAtMs: Int64
    /// Since when everybody may see it.
    public let publishedAtMs: Int64?
}

/// A pattern that its owner deleted and can have back. `Protocol/patterns.md#deleting`.
public struct DeletedPattern: Decodable, Hashable, Sendable {
    /// Its id.
    public let pattern: String
    public let title: String
    public let deletedAtMs: Int64
    public let restorableUntilMs: Int64
}
