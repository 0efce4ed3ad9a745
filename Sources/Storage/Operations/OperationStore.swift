package import Model

/// Which writes of a user were done, by the id that the client gave each (`opId`), with what was
/// answered. `Protocol/wire.md#writes`.
package struct OperationStore {
    /// How long a retry is recognised: 24 hours.
    package static let retentionMs: Int64 = 86_400_000
    /// Forgotten along with each new one, so that the table stays small without a long job.
    package static let forgottenMax: Int64 = 8

    /// What was done.
    package struct Done: Hashable, Sendable {
        /// SHA-256 of the request; nil for one that an older version noted.
        package let requestSHA256: [UInt8]?
        /// JSON text.
        package let answer: String

        package init(requestSHA256: [UInt8]?, answer: String) {
            self.requestSHA256 = requestSHA256
            self.answer = answer
        }
    }

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// What was done under this id; nil when nothing was, or too long ago.
    package func find(
        _ operation: Identifier, of user: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Done? {
        try connection.first(
            OperationStatement.find,
            [
                .identifier(user), .identifier(operation), .integer(nowMs - Self.retentionMs),
            ]
        ) { (row) throws(DatabaseError) in
            Done(requestSHA256: try row.optionalBlob(0), answer: try row.text(1))
        }
    }

    /// Notes that an operation is being done, and forgets some of the oldest past their time.
    package func note(
        _ operation: Identifier, of user: Identifier, _ done: Done, nowMs: Int64
    ) throws(DatabaseError) {
        try connection.execute(
            OperationStatement.note,
            [
                .identifier(user), .identifier(operation), .blob(done.requestSHA256),
                .text(done.answer), .integer(nowMs),
            ])
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
