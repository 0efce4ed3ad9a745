package import Model

/// Letters on their way. `Protocol/mail.md#on-its-way`.
package struct MailStore {
    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Queues a letter; false when as many wait as may.
    package func queue(_ mail: MailRecord) throws(DatabaseError) -> Bool {
        guard try !isFull() else { return false }
        try connection.execute(
            MailStatement.insert,
            [
                .identifier(mail.id), .text(mail.recipient), .text(mail.subject),
                .text(mail.body), .text(mail.unsubscribeURL), .integer(mail.attempts),
                .integer(mail.nextAttemptMs), .integer(mail.createdMs),
            ])
        return true
    }

    package func isFull() throws(DatabaseError) -> Bool {
        try connection.first(
            MailStatement.nth, [.integer(Int64(Limits.mailsQueuedMax) - 1)]
        ) { (row) throws(DatabaseError) in try row.identifier(0) } != nil
    }

    /// At most `limit` letters whose time has come, the longest waiting first.
    package func due(nowMs: Int64, limit: Int) throws(DatabaseError) -> [MailRecord] {
        try connection.rows(
            MailStatement.findDue, [.integer(nowMs), .integer(Int64(limit))]
        ) { (row) throws(DatabaseError) in
            MailRecord(
                id: try row.identifier(0), recipient: try row.text(1), subject: try row.text(2),
                body: try row.text(3), unsubscribeURL: try row.optionalText(4),
                attempts: try row.integer(5), nextAttemptMs: try row.integer(6),
                createdMs: try row.integer(7))
        }
    }

    /// When the next letter is due; nil when none waits.
    package func nextAttemptMs() throws(DatabaseError) -> Int64? {
        try connection.first(MailStatement.nextAttempt, []) { (row) throws(DatabaseError) in
            try row.optionalInteger(0)
        } ?? nil
    }

    package func postpone(
        _ mail: Identifier, attempts: Int64, nextAttemptMs: Int64
    ) throws(DatabaseError) {
        try connection.execute(
            MailStatement.postpone,
            [.integer(attempts), .integer(nextAttemptMs), .identifier(mail)])
    }

    package func delete(_ mail: Identifier) throws(DatabaseError) {
        try connection.execute(MailStatement.delete, [.identifier(mail)])
    }
}
