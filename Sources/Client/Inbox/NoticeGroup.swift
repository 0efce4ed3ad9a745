/// Notices of one kind about one pattern, unread ones apart from read ones.
/// `Protocol/notifications.md#lists`.
public struct NoticeGroup: Decodable, Hashable, Sendable {
    public struct Actor: Decodable, Hashable, Sendable, Identifiable {
        /// A UUID.
        public let id: String
        public let displayName: String
        public let avatarUrl: String?
    }

    public struct About: Decodable, Hashable, Sendable, Identifiable {
        /// A UUID.
        public let id: String
        public let title: String
    }

    /// As `InboxNotice.kind`.
    public let kind: String
    /// Nil for a follow, and for what may not be seen any more.
    public let pattern: About?
    public let isRead: Bool
    /// Notices.
    public let count: Int
    /// The number of the newest.
    public let through: Int64
    /// The latest different people, some of them.
    public let actors: [Actor]
    /// All of them.
    public let actorCount: Int
}

/// What somebody is told of. `Protocol/notifications.md#settings`.
public struct NoticeSettings: Decodable, Hashable, Sendable {
    /// By kind.
    public let settings: [String: Bool]
    /// Patterns, by their ids.
    public let muted: [String]
}
