package import Model

/// Likes, with their counter in `patterns` and their activity. `Protocol/social.md#likes`.
package struct LikeStore {
    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Returns false when they liked it before.
    @discardableResult
    package func like(
        _ pattern: Identifier, by user: Identifier, id: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Bool {
        let added = try connection.execute(
            LikeStatement.insert,
            [.identifier(id), .identifier(user), .identifier(pattern), .integer(nowMs)])
        guard added == 1 else { return false }
        try add(1, to: pattern)
        try ActivityStore(connection).note(
            ActivityRecord(
                id: id, user: user, kind: .patternLiked, pattern: pattern, createdMs: nowMs))
        return true
    }

    /// Returns false when they did not like it.
    @discardableResult
    package func unlike(
        _ pattern: Identifier, by user: Identifier
    ) throws(DatabaseError) -> Bool {
        let id = try connection.first(
            LikeStatement.delete, [.identifier(user), .identifier(pattern)]
        ) { (row) throws(DatabaseError) in try row.identifier(0) }
        guard let id else { return false }
        try add(-1, to: pattern)
        try ActivityStore(connection).remove(id)
        return true
    }

    package func isLiked(
        _ pattern: Identifier, by user: Identifier
    ) throws(DatabaseError) -> Bool {
        try connection.first(LikeStatement.exists, [.identifier(user), .identifier(pattern)]) {
            (row) throws(DatabaseError) in try row.boolean(0)
        } ?? false
    }

    package func count(of pattern: Identifier) throws(DatabaseError) -> Int64 {
        try connection.first(LikeStatement.count, [.identifier(pattern)]) {
            (row) throws(DatabaseError) in try row.integer(0)
        } ?? 0
    }

    /// What `count` must be: the rows, one by one.
    package func recount(of pattern: Identifier) throws(DatabaseError) -> Int64 {
        try connection.first(LikeStatement.recount, [.identifier(pattern)]) {
            (row) throws(DatabaseError) in try row.integer(0)
        } ?? 0
    }

    /// Who likes it and is not gone, newest first.
    package func people(
        liking pattern: Identifier, after bound: PageBound, limit: Int64
    ) throws(DatabaseError) -> Page<ListedPerson> {
        try connection.people(LikeStatement.page, pattern, after: bound, limit: limit)
    }

    /// Takes back at most `limit` likes of somebody who is being erased; returns how many.
    package func removeSome(of user: Identifier, limit: Int64) throws(DatabaseError) -> Int {
        let patterns = try connection.rows(
            LikeStatement.someOfUser, [.identifier(user), .integer(limit)]
        ) { (row) throws(DatabaseError) in try row.identifier(0) }
        for pattern in patterns { try unlike(pattern, by: user) }
        return patterns.count
    }

    private func add(_ number: Int64, to pattern: Identifier) throws(DatabaseError) {
        try connection.execute(
            LikeStatement.addToCount, [.integer(number), .identifier(pattern)])
    }
}
