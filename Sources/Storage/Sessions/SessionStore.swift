package import Model

/// Sign-ins.
package struct SessionStore {
    /// A session's last use is written at most this often: a read must not cost a commit.
    package static let touchMs: Int64 = 3_600_000
    /// Expired sessions that are deleted along with each new one.
    package static let expiredDeletedMax: Int64 = 8

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    package func insert(_ session: SessionRecord) throws(DatabaseError) {
        try connection.execute(
            SessionStatement.insert,
            [
                .identifier(session.id), .identifier(session.user), .blob(session.tokenSHA256),
                .text(session.ipAddress), .text(session.userAgent), .integer(session.expiresMs),
                .integer(session.createdMs), .integer(session.lastUsedMs),
            ])
    }

    /// Who holds the token; nil when it is unknown or expired, or its user is inactive or deleted.
    package func holder(
        tokenSHA256: [UInt8], nowMs: Int64
    ) throws(DatabaseError) -> SessionHolder? {
        try connection.first(
            SessionStatement.findHolder, [.blob(tokenSHA256), .integer(nowMs)]
        ) { (row) throws(DatabaseError) in
            SessionHolder(
                session: try row.identifier(0), user: try row.identifier(1),
                displayName: try row.text(2), isAdmin: try row.boolean(3),
                expiresMs: try row.integer(4), lastUsedMs: try row.integer(5))
        }
    }

    /// Notes a use and extends the session, unless that was done within the last hour; returns
    /// whether it wrote.
    @discardableResult
    package func touch(
        _ session: Identifier, nowMs: Int64, expiresMs: Int64
    ) throws(DatabaseError) -> Bool {
        try connection.execute(
            SessionStatement.touch,
            [
                .integer(nowMs), .integer(expiresMs), .identifier(session),
                .integer(nowMs - Self.touchMs),
            ]) == 1
    }

    /// Returns whether there was one.
    @discardableResult
    package func delete(_ session: Identifier) throws(DatabaseError) -> Bool {
        try connection.execute(SessionStatement.delete, [.identifier(session)]) == 1
    }

    /// Returns whether there was one.
    @discardableResult
    package func delete(tokenSHA256: [UInt8]) throws(DatabaseError) -> Bool {
        try connection.execute(SessionStatement.deleteByToken, [.blob(tokenSHA256)]) == 1
    }

    /// Signs a user out everywhere; returns the sessions that ended.
    package func endAll(of user: Identifier) throws(DatabaseError) -> [Identifier] {
        try connection.rows(SessionStatement.endAllOfUser, [.identifier(user)]) {
            (row) throws(DatabaseError) in try row.identifier(0)
        }
    }

    /// Deletes at most `limit` expired sessions; returns how many.
    package func deleteExpired(nowMs: Int64, limit: Int64) throws(DatabaseError) -> Int {
        try connection.execute(
            SessionStatement.deleteExpired, [.integer(nowMs), .integer(limit)])
    }
}
