package import Model

/// Which writes of a user were done, by the id that the client gave each (`opId`).
/// `Protocol/wire.md#methods`.
package struct OperationStore {
    /// How long a retry is recognised: 24 hours.
    package static let retentionMs: Int64 = 86_400_000
    /// Forgotten along with each new one, so that the table stays small without a long job.
    package static let forgottenMax: Int64 = 8

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Notes that an operation is being done; false when it was done before.
    package func note(
        _ operation: Identifier, of user: Identifier, result: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Bool {
        try connection.execute(
            OperationStatement.note,
            [
                .identifier(user), .identifier(operation), .identifier(result), .integer(nowMs),
            ]) == 1
    }

    /// What an operation made; nil when it was never done, or too long ago.
    package func result(
        of operation: Identifier, user: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Identifier? {
        try connection.first(
            OperationStatement.result,
            [
                .identifier(user), .identifier(operation), .integer(nowMs - Self.retentionMs),
            ]
        ) { (row) throws(DatabaseError) in try row.identifier(0) }
    }

    /// Forgets some of the oldest past their time.
    package func forgetExpired(nowMs: Int64) throws(DatabaseError) {
        let expired = try connection.rows(
            OperationStatement.oldest,
            [.integer(nowMs - Self.retentionMs), .integer(Self.forgottenMax)]
        ) { (row) throws(DatabaseError) in (try row.identifier(0), try row.identifier(1)) }
        for (user, operation) in expired {
            try connection.execute(
                OperationStatement.forget, [.identifier(user), .identifier(operation)])
        }
    }
}
