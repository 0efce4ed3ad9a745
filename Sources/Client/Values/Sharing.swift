/// Somebody who has a role in a pattern, or is offered one. `Protocol/patterns.md#collaborators`.
public struct Collaborator: Decodable, Hashable, Sendable {
    public let userId: String
    public let displayName: String
    /// `editor` or `viewer`.
    public let role: String
    /// Milliseconds since 1970, as all names that end so.
    public let createdAtMs: Int64
    /// Nil while it is an invitation only.
    public let acceptedAtMs: Int64?
}

/// A pattern of somebody else in which one has a role, or is offered one.
public struct Invitation: Decodable, Hashable, Sendable {
    public let pattern: String
    public let title: String
    /// The owner.
    public let userId: String
    public let ownerName: String
    public let role: String
    public let createdAtMs: Int64
    public let acceptedAtMs: Int64?
}

/// A link that gives a role to whoever opens it.
public struct ShareLink: Decodable, Hashable, Sendable, Identifiable {
    public let id: String
    public let pattern: String
    public let role: String
    public let createdAtMs: Int64
    public let expiresMs: Int64
}
