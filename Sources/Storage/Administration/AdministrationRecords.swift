package import Model

/// A row of `administration_log`. `Protocol/social.md#administration`.
package struct AdministrationRecord: Hashable, Sendable {
    package enum Action: String, CaseIterable, Sendable {
        case ban, unban
        case grantAdministrator = "grant"
        case revokeAdministrator = "revoke"
        case removePattern = "removePattern"
        case restorePattern = "restorePattern"
        case removeComment = "removeComment"
        case revokeSession = "revokeSession"
    }

    package let id: Identifier
    /// Nil for the command line and the local socket.
    package let administrator: Identifier?
    package let action: Action
    /// A user, pattern, comment or session, by the action.
    package let target: Identifier
    package let reason: String
    package let createdMs: Int64

    package init(
        id: Identifier, administrator: Identifier?, action: Action, target: Identifier,
        reason: String, createdMs: Int64
    ) {
        self.id = id
        self.administrator = administrator
        self.action = action
        self.target = target
        self.reason = reason
        self.createdMs = createdMs
    }
}

/// Somebody as administrators see them.
package struct AccountRecord: Hashable, Sendable {
    package let id: Identifier
    package let email: String
    package let displayName: String
    package let isActive: Bool
    package let isAdmin: Bool
    package let createdMs: Int64
    package let lastLoginMs: Int64?
    package let deletedMs: Int64?
    package let bannedMs: Int64?

    init(_ row: Row) throws(DatabaseError) {
        id = try row.identifier(0)
        email = try row.text(1)
        displayName = try row.text(2)
        isActive = try row.boolean(3)
        isAdmin = try row.boolean(4)
        createdMs = try row.integer(5)
        lastLoginMs = try row.optionalInteger(6)
        deletedMs = try row.optionalInteger(7)
        bannedMs = try row.optionalInteger(8)
    }
}
