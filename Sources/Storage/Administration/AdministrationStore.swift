package import Model

/// What administrators see and do. The caller notes each act in the same transaction.
package struct AdministrationStore {
    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    // MARK: - The log

    package func note(_ act: AdministrationRecord) throws(DatabaseError) {
        let detail: JSON = ["reason": .string(act.reason)]
        try connection.execute(
            AdministrationStatement.note,
            [
                .identifier(act.id), .identifier(act.administrator), .text(act.action.rawValue),
                .identifier(act.target),
                .text(String(decoding: detail.serialised(), as: UTF8.self)),
                .integer(act.createdMs),
            ])
    }

    /// Newest first.
    package func log(
        after bound: PageBound, limit: Int64
    ) throws(DatabaseError) -> Page<AdministrationRecord> {
        let limit = min(max(1, limit), PageBound.rowsMax)
        let acts = try connection.rows(
            AdministrationStatement.log,
            [.integer(bound.createdMs), .identifier(bound.id), .integer(limit)]
        ) { (row) throws(DatabaseError) in
            guard let action = AdministrationRecord.Action(rawValue: try row.text(2)) else {
                throw .unexpectedColumn(2)
            }
            let detail = try row.optionalText(4).flatMap {
                try? JSON.parse(Array($0.utf8), limits: JSON.Limits())
            }
            return AdministrationRecord(
                id: try row.identifier(0), administrator: try row.optionalIdentifier(1),
                action: action, target: try row.identifier(3),
                reason: detail?.object?["reason"]?.string ?? "", createdMs: try row.integer(5))
        }
        return Page(acts, limit: limit) { PageBound(createdMs: $0.createdMs, id: $0.id) }
    }

    // MARK: - Accounts

    package func account(_ id: Identifier) throws(DatabaseError) -> AccountRecord? {
        try connection.first(AdministrationStatement.user, [.identifier(id)]) {
            (row) throws(DatabaseError) in try AccountRecord(row)
        }
    }

    /// Everybody, who registered last first.
    package func accounts(
        before id: Identifier, limit: Int64
    ) throws(DatabaseError) -> [AccountRecord] {
        try connection.rows(
            AdministrationStatement.users,
            [.identifier(id), .integer(min(limit, PageBound.rowsMax))]
        ) { (row) throws(DatabaseError) in try AccountRecord(row) }
    }

    /// Whose normalised e-mail begins like that, in its order.
    ///
    /// - Parameter after: the last of the page before; nil for the first.
    package func accounts(
        emailPrefix prefix: String, after: Identifier?, limit: Int64
    ) throws(DatabaseError) -> [AccountRecord] {
        try connection.rows(
            AdministrationStatement.usersByEmail,
            [
                // Bytes compare; this is greater than any text that begins with the prefix.
                .text(prefix), .text(prefix + "\u{10FFFF}"), .identifier(after),
                .integer(min(limit, PageBound.rowsMax)),
            ]
        ) { (row) throws(DatabaseError) in try AccountRecord(row) }
    }

    /// Ends all sessions of somebody and keeps them from signing in.
    ///
    /// - Returns: the sessions that ended.
    package func ban(_ user: Identifier, nowMs: Int64) throws(DatabaseError) -> [Identifier] {
        try connection.execute(
            AdministrationStatement.ban, [.integer(nowMs), .identifier(user)])
        return try SessionStore(connection).deleteAll(of: user)
    }

    package func unban(_ user: Identifier, nowMs: Int64) throws(DatabaseError) {
        try connection.execute(
            AdministrationStatement.unban, [.integer(nowMs), .identifier(user)])
    }

    package func setAdministrator(
        _ isAdmin: Bool, _ user: Identifier, nowMs: Int64
    ) throws(DatabaseError) {
        try connection.execute(
            AdministrationStatement.setAdministrator,
            [.boolean(isAdmin), .integer(nowMs), .identifier(user)])
    }

    // MARK: - Sessions

    /// Returns whose it was; nil when there is no such session.
    package func endSession(_ session: Identifier) throws(DatabaseError) -> Identifier? {
        try connection.first(AdministrationStatement.endSession, [.identifier(session)]) {
            (row) throws(DatabaseError) in try row.identifier(0)
        }
    }

    // MARK: - Patterns

    /// Deletes a pattern so that its owner cannot restore it; returns false when it was so.
    package func removePattern(
        _ pattern: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Bool {
        let removed = try connection.execute(
            AdministrationStatement.removePattern, [.integer(nowMs), .identifier(pattern)]) == 1
        try PatternSearchStore(connection).show(pattern)
        return removed
    }
}
