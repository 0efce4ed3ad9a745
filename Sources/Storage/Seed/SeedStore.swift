package import Model

/// Writes the rows of `salsanor seed`; the counters of patterns are the caller's matter.
package struct SeedStore {
    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Lets the writer keep the pages of indexes that a million rows go to at random.
    package func enlargeCache() throws(DatabaseError) {
        try connection.migrate(SeedCacheStatement.enlarge.rawValue)
    }

    package func like(
        _ id: Identifier, user: Identifier, pattern: Identifier, ms: Int64
    ) throws(DatabaseError) {
        try insert(.like, [.identifier(id), .identifier(user), .identifier(pattern), .integer(ms)])
    }

    package func follow(
        _ id: Identifier, from follower: Identifier, to following: Identifier, ms: Int64
    ) throws(DatabaseError) {
        try insert(
            .follow, [.identifier(id), .identifier(follower), .identifier(following), .integer(ms)])
    }

    package func comment(
        _ id: Identifier, user: Identifier, pattern: Identifier, text: String,
        parent: Identifier?, ms: Int64
    ) throws(DatabaseError) {
        try insert(
            .comment,
            [
                .identifier(id), .identifier(user), .identifier(pattern), .text(text),
                .identifier(parent), .integer(ms),
            ])
    }

    /// - Parameter listener: 32 bytes.
    package func play(
        _ pattern: Identifier, listener: [UInt8], ms: Int64
    ) throws(DatabaseError) {
        try insert(.play, [.identifier(pattern), .blob(listener), .integer(ms)])
    }

    /// Tells of the patterns, likes, comments and follows of a span, as they were done.
    package func activities(fromMs: Int64, toMs: Int64) throws(DatabaseError) {
        try insert(.activities, [.integer(fromMs), .integer(toMs)])
    }

    private func insert(_ statement: SeedStatement, _ values: [Value]) throws(DatabaseError) {
        try connection.execute(statement, values)
    }
}
