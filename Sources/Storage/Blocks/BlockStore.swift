package import Model

/// Who has blocked whom. `Protocol/social.md#blocks`.
package struct BlockStore {
    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Ends what there was between the two: follows and collaborations, in both directions.
    ///
    /// - Returns: patterns to which one of them may have lost access.
    package func block(
        _ target: Identifier, by user: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> [Identifier] {
        try connection.execute(
            BlockStatement.insert,
            [.identifier(user), .identifier(target), .integer(nowMs)])
        let follows = FollowStore(connection)
        try follows.unfollow(target, by: user)
        try follows.unfollow(user, by: target)
        return try endCollaborations(of: target, with: user)
            + endCollaborations(of: user, with: target)
    }

    /// Returns false when they had not blocked them.
    @discardableResult
    package func unblock(
        _ target: Identifier, by user: Identifier
    ) throws(DatabaseError) -> Bool {
        try connection.execute(
            BlockStatement.delete, [.identifier(user), .identifier(target)]) == 1
    }

    package func isBlocked(
        _ target: Identifier, by user: Identifier
    ) throws(DatabaseError) -> Bool {
        try connection.first(
            BlockStatement.exists, [.identifier(user), .identifier(target)]
        ) { (row) throws(DatabaseError) in try row.boolean(0) } ?? false
    }

    /// Whether one of the two has blocked the other.
    package func isBetween(
        _ one: Identifier, _ other: Identifier
    ) throws(DatabaseError) -> Bool {
        try connection.first(
            BlockStatement.between, [.identifier(one), .identifier(other)]
        ) { (row) throws(DatabaseError) in try row.boolean(0) } ?? false
    }

    /// Whom they have blocked, without those who are gone, newest first.
    package func blocked(
        by user: Identifier, after bound: PageBound, limit: Int64
    ) throws(DatabaseError) -> Page<ListedPerson> {
        try connection.people(BlockStatement.page, user, after: bound, limit: limit)
    }

    private func endCollaborations(
        of user: Identifier, with owner: Identifier
    ) throws(DatabaseError) -> [Identifier] {
        try connection.rows(
            BlockStatement.endCollaborations, [.identifier(user), .identifier(owner)]
        ) { (row) throws(DatabaseError) in try row.identifier(0) }
    }
}
