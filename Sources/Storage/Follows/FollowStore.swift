package import Model

/// Who follows whom. `Protocol/social.md#follows`.
package struct FollowStore {
    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Returns false when they followed them before.
    @discardableResult
    package func follow(
        _ target: Identifier, by user: Identifier, id: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Bool {
        let added = try connection.execute(
            FollowStatement.insert,
            [.identifier(id), .identifier(user), .identifier(target), .integer(nowMs)])
        guard added == 1 else { return false }
        try ActivityStore(connection).note(
            ActivityRecord(
                id: id, user: user, kind: .userFollowed, targetUser: target, createdMs: nowMs))
        return true
    }

    /// Returns false when they did not follow them.
    @discardableResult
    package func unfollow(
        _ target: Identifier, by user: Identifier
    ) throws(DatabaseError) -> Bool {
        let id = try connection.first(
            FollowStatement.delete, [.identifier(user), .identifier(target)]
        ) { (row) throws(DatabaseError) in try row.identifier(0) }
        guard let id else { return false }
        try ActivityStore(connection).remove(id)
        return true
    }

    package func isFollowing(
        _ target: Identifier, by user: Identifier
    ) throws(DatabaseError) -> Bool {
        try connection.first(
            FollowStatement.exists, [.identifier(user), .identifier(target)]
        ) { (row) throws(DatabaseError) in try row.boolean(0) } ?? false
    }

    package func followingCount(of user: Identifier) throws(DatabaseError) -> Int {
        let count = try connection.first(
            FollowStatement.followingCount, [.identifier(user)]
        ) { (row) throws(DatabaseError) in try row.integer(0) }
        return Int(count ?? 0)
    }

    /// Who follows them and is not gone, newest first.
    package func followers(
        of user: Identifier, after bound: PageBound, limit: Int64
    ) throws(DatabaseError) -> Page<ListedPerson> {
        try connection.people(FollowStatement.followers, user, after: bound, limit: limit)
    }

    /// Whom they follow, without those who are gone, newest first.
    package func following(
        by user: Identifier, after bound: PageBound, limit: Int64
    ) throws(DatabaseError) -> Page<ListedPerson> {
        try connection.people(FollowStatement.following, user, after: bound, limit: limit)
    }
}
