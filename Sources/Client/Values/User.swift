/// Somebody as everybody may see them. `Protocol/social.md#people`.
public struct User: Decodable, Hashable, Sendable, Identifiable {
    /// A UUID.
    public let id: String
    public let displayName: String
    public let avatarUrl: String?
    public let bio: String?
    /// Milliseconds since 1970.
    public let createdAtMs: Int64
    public let followerCount: Int
    public let followingCount: Int
    public let publicPatternCount: Int
    /// Nil for a guest, as the next two: whether the caller follows them.
    public let isFollowing: Bool?
    /// Whether they follow the caller.
    public let isFollower: Bool?
    /// Whether the caller has blocked them.
    public let isBlocking: Bool?
}

/// Somebody in a list of people.
public struct ListedUser: Decodable, Hashable, Sendable, Identifiable {
    /// A UUID.
    public let id: String
    public let displayName: String
    public let avatarUrl: String?
    /// When they came into the list: liked, followed, were blocked.
    public let sinceMs: Int64
}
