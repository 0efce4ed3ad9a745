/// A comment, or the empty place of one. `Protocol/social.md#comments`.
public struct Comment: Decodable, Hashable, Sendable, Identifiable {
    public struct Author: Decodable, Hashable, Sendable, Identifiable {
        public let id: String
        public let displayName: String
        public let avatarUrl: String?
    }

    /// A UUID.
    public let id: String
    /// What it is about.
    public let pattern: String
    /// The comment that it answers.
    public let parent: String?
    /// Nil when it was deleted, is hidden, or its author is gone; the text is empty then.
    public let user: Author?
    public let text: String
    public let isEdited: Bool
    public let isDeleted: Bool
    /// Whether the caller has blocked its author.
    public let isHidden: Bool
    /// Places directly below it.
    public let replyCount: Int
    /// Milliseconds since 1970, as all names that end so.
    public let createdAtMs: Int64
    public let updatedAtMs: Int64
}
