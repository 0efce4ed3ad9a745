package import Model

/// Somebody with a role in another's pattern.
package struct CollaboratorRecord: Hashable, Sendable {
    package let user: Identifier
    package let displayName: String
    /// `viewer` or `editor`.
    package let role: Role
    package let createdMs: Int64
    /// Nil while it is an invitation only.
    package let acceptedMs: Int64?

    package init(
        user: Identifier, displayName: String, role: Role, createdMs: Int64, acceptedMs: Int64?
    ) {
        self.user = user
        self.displayName = displayName
        self.role = role
        self.createdMs = createdMs
        self.acceptedMs = acceptedMs
    }
}

/// A pattern of another in which somebody has a role, or to which they are invited.
package struct CollaborationRecord: Hashable, Sendable {
    package let pattern: Identifier
    package let title: String
    package let owner: Identifier
    package let ownerName: String
    package let role: Role
    package let createdMs: Int64
    package let acceptedMs: Int64?
}
