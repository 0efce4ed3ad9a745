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

    /// Returns whether there was one of that user.
    package func delete(
        _ session: Identifier, of user: Identifier
    ) throws(DatabaseError) -> Bool {
        try connection.execute(
            SessionStatement.deleteOwn, [.identifier(session), .identifier(user)]) == 1
    }

    /// Signs a user out everywhere, or everywhere else; returns which sessions ended.
    @discardableResult
    package func deleteAll(
        of user: Identifier, except kept: Identifier? = nil
    ) throws(DatabaseError) -> [Identifier] {
        let ended = try connection.rows(SessionStatement.idsOfUser, [.identifier(user)]) {
            (row) throws(DatabaseError) in try row.identifier(0)
        }.filter { $0 != kept }
        for session in ended { try delete(session) }
        return ended
    }

    /// Sessions that have not expired, the last used first.
    package func list(
        of user: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> [SessionRecord] {
        try connection.rows(
            SessionStatement.list,
            [
                .identifier(user), .integer(nowMs), .integer(Int64(Limits.sessionsPerUserMax)),
            ], Self.session)
    }

    /// When the session ends; nil when there is none.
    package func expiry(of session: Identifier) throws(DatabaseError) -> Int64? {
        try connection.first(SessionStatement.findExpiry, [.identifier(session)]) {
            (row) throws(DatabaseError) in try row.integer(0)
        }
    }

    /// Ends those used longest ago beyond `count`; returns which.
    package func deleteBeyond(
        _ count: Int64, of user: Identifier
    ) throws(DatabaseError) -> [Identifier] {
        let ended = try connection.rows(
            SessionStatement.beyondNewest, [.identifier(user), .integer(count)]
        ) { (row) throws(DatabaseError) in try row.identifier(0) }
        for session in ended { try delete(session) }
        return ended
    }

    private static func session(_ row: Row) throws(DatabaseError) -> SessionRecord {
        SessionRecord(
            id: try row.identifier(0), user: try row.identifier(1), tokenSHA256: try row.blob(2),
            ipAddress: try row.optionalText(3), userAgent: try row.optionalText(4),
            expiresMs: try row.integer(5), createdMs: try row.integer(6),
            lastUsedMs: try row.integer(7))
    }

    /// Deletes at most `limit` expired sessions; returns how many.
    package func deleteExpired(nowMs: Int64, limit: Int64) throws(DatabaseError) -> Int {
        try connection.execute(
            SessionStatement.deleteExpired, [.integer(nowMs), .integer(limit)])
    }
}
