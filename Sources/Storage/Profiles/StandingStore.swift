package import Model

/// What decides what somebody may do with a pattern, in one row.
package struct StandingRecord: Hashable, Sendable {
    package let owner: Identifier
    package let isPublic: Bool
    package let isDeleted: Bool
    /// By an administrator.
    package let isRemoved: Bool
    /// Its owner is banned, deactivated or deleted.
    package let isOwnerAway: Bool
    /// Of a collaborator who accepted.
    package let role: Role?
    /// One of the two has blocked the other.
    package let isBlocked: Bool
    package let isAdministrator: Bool
}

/// Reads what `PatternAccess` decides on.
package struct StandingStore {
    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// - Parameter user: nil for a guest.
    /// - Returns: nil when there is no such pattern.
    package func standing(
        of user: Identifier?, with pattern: Identifier
    ) throws(DatabaseError) -> StandingRecord? {
        try connection.first(
            StandingStatement.find, [.identifier(user), .identifier(pattern)]
        ) { (row) throws(DatabaseError) in
            let (isOwnerActive, ownerDeletedMs) = (try row.boolean(4), try row.optionalInteger(5))
            return StandingRecord(
                owner: try row.identifier(0), isPublic: try row.boolean(1),
                isDeleted: try row.optionalInteger(2) != nil,
                isRemoved: try row.optionalInteger(3) != nil,
                isOwnerAway: !isOwnerActive || ownerDeletedMs != nil,
                role: try row.optionalText(6).flatMap(Role.init), isBlocked: try row.boolean(7),
                isAdministrator: try row.optionalInteger(8) == 1)
        }
    }
}
