/// Counts of attempts that failed, by whatever they are counted for. They survive a restart.
package struct ThrottleStore {
    /// No rule counts a failure longer than this.
    package static let retentionMs: Int64 = 86_400_000
    /// Old counts that are forgotten along with each new one.
    package static let forgottenMax: Int64 = 8

    package struct Count: Hashable, Sendable {
        /// 1 and up.
        package let failures: Int64
        package let lastFailureMs: Int64

        package init(failures: Int64, lastFailureMs: Int64) {
            self.failures = failures
            self.lastFailureMs = lastFailureMs
        }
    }

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// - Parameter subject: 32 bytes.
    package func find(_ subject: [UInt8]) throws(DatabaseError) -> Count? {
        try connection.first(ThrottleStatement.find, [.blob(subject)]) {
            (row) throws(DatabaseError) in
            Count(failures: try row.integer(0), lastFailureMs: try row.integer(1))
        }
    }

    /// Writes a count, or takes it away when it is nil.
    package func set(_ count: Count?, of subject: [UInt8]) throws(DatabaseError) {
        guard let count else {
            try connection.execute(ThrottleStatement.forgive, [.blob(subject)])
            return
        }
        try connection.execute(
            ThrottleStatement.note,
            [.blob(subject), .integer(count.failures), .integer(count.lastFailureMs)])
    }

    /// Forgets some of the oldest past their time.
    package func forgetOld(nowMs: Int64) throws(DatabaseError) {
        try connection.execute(
            ThrottleStatement.forgetOld,
            [.integer(nowMs - Self.retentionMs), .integer(Self.forgottenMax)])
    }
}
