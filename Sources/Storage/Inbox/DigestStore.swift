package import Model

enum DigestStatement: String, SQLStatement {
    case due = """
        SELECT user_id FROM inbox_heads WHERE digest_due_at IS NOT NULL AND digest_due_at <= $1 \
        ORDER BY digest_due_at LIMIT $2
        """
    case state = """
        SELECT h.digested_number, \
        (SELECT MAX(s.last_used_at) FROM sessions s WHERE s.user_id = h.user_id) \
        FROM inbox_heads h WHERE h.user_id = $1
        """
    case missed = """
        SELECT n.number, n.kind, CASE WHEN u.is_active AND u.deleted_at IS NULL THEN u.id END, \
        n.pattern_id, n.read_at, n.created_at FROM inbox n LEFT JOIN users u ON u.id = n.actor_id \
        WHERE n.user_id = $1 AND n.number > $2 AND n.event = 'notice' AND n.read_at IS NULL \
        AND n.retracted_at IS NULL AND n.created_at > $3 ORDER BY n.number DESC
        """
    case postpone = "UPDATE inbox_heads SET digest_due_at = $1 WHERE user_id = $2"
    case done = """
        UPDATE inbox_heads SET digest_due_at = NULL, digested_number = last_number \
        WHERE user_id = $1
        """
    case sent = """
        UPDATE inbox_heads SET digest_due_at = NULL, digested_number = last_number, \
        digested_at = $1 WHERE user_id = $2
        """
    case refuse = """
        UPDATE user_preferences SET email_notifications = 0, updated_at = $1 \
        WHERE user_id = $2 AND email_notifications
        """
}

/// Who is to get a letter of what they missed. `Protocol/notifications.md#digest`.
package struct DigestStore {
    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Whose inbox is to be looked at, the longest waiting first.
    package func due(nowMs: Int64, limit: Int) throws(DatabaseError) -> [Identifier] {
        try connection.rows(
            DigestStatement.due, [.integer(nowMs), .integer(Int64(limit))]
        ) { (row) throws(DatabaseError) in try row.identifier(0) }
    }

    /// Up to which number they were told by letter or had been there, and when they last used a
    /// session, as it is on the disk; nil when they have none.
    package func state(
        of user: Identifier
    ) throws(DatabaseError) -> (digested: Int64, lastUsedMs: Int64?) {
        try connection.first(DigestStatement.state, [.identifier(user)]) {
            (row) throws(DatabaseError) in (try row.integer(0), try row.optionalInteger(1))
        } ?? (0, nil)
    }

    /// Unread notices above a number that are newer than `sinceMs`, newest first.
    package func missed(
        by user: Identifier, above number: Int64, sinceMs: Int64
    ) throws(DatabaseError) -> [(item: NoticeItem, createdMs: Int64)] {
        try connection.rows(
            DigestStatement.missed,
            [.identifier(user), .integer(number), .integer(sinceMs)]
        ) { (row) throws(DatabaseError) in
            guard let kind = NoticeKind(rawValue: try row.text(1)) else {
                throw .unexpectedColumn(1)
            }
            let item = NoticeItem(
                number: try row.integer(0), kind: kind, actor: try row.optionalIdentifier(2),
                pattern: try row.optionalIdentifier(3), isRead: false)
            return (item, try row.integer(5))
        }
    }

    package func postpone(_ user: Identifier, toMs: Int64) throws(DatabaseError) {
        try connection.execute(DigestStatement.postpone, [.integer(toMs), .identifier(user)])
    }

    /// Nothing of what there is will be mailed.
    package func finish(_ user: Identifier) throws(DatabaseError) {
        try connection.execute(DigestStatement.done, [.identifier(user)])
    }

    package func noteSent(to user: Identifier, nowMs: Int64) throws(DatabaseError) {
        try connection.execute(DigestStatement.sent, [.integer(nowMs), .identifier(user)])
    }

    /// They want no such letters.
    package func refuse(_ user: Identifier, nowMs: Int64) throws(DatabaseError) {
        try connection.execute(DigestStatement.refuse, [.integer(nowMs), .identifier(user)])
    }
}
