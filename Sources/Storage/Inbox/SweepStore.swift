package import Model

enum SweepStatement: String, SQLStatement {
    case usersHearing = """
        SELECT DISTINCT user_id FROM inbox WHERE pattern_id = $1 AND event = 'notice' \
        AND retracted_at IS NULL AND user_id > $2 ORDER BY user_id LIMIT $3
        """
    case patternsOfOwner = """
        SELECT p.id FROM patterns p WHERE p.user_id = $1 AND EXISTS (SELECT 1 FROM inbox i \
        WHERE i.pattern_id = p.id AND i.event = 'notice' AND i.retracted_at IS NULL) \
        ORDER BY p.created_at, p.id
        """
    case begin = """
        INSERT INTO inbox_sweeps (pattern_id, last_user_id) VALUES ($1, $2) \
        ON CONFLICT (pattern_id) DO UPDATE SET last_user_id = excluded.last_user_id
        """
    case next = "SELECT pattern_id, last_user_id FROM inbox_sweeps ORDER BY pattern_id LIMIT 1"
    case end = "DELETE FROM inbox_sweeps WHERE pattern_id = $1"
}

/// Patterns of which people may have lost sight, and how far their inboxes have been gone through.
/// `Protocol/notifications.md#events`.
package struct SweepStore {
    package static let start = Identifier(high: 0, low: 0)

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Who has notices about a pattern, in the order of ids, behind one.
    package func users(
        hearingOf pattern: Identifier, after last: Identifier, limit: Int
    ) throws(DatabaseError) -> [Identifier] {
        try connection.rows(
            SweepStatement.usersHearing,
            [.identifier(pattern), .identifier(last), .integer(Int64(limit))]
        ) { (row) throws(DatabaseError) in try row.identifier(0) }
    }

    /// An owner's patterns that somebody has notices about.
    package func patterns(of owner: Identifier) throws(DatabaseError) -> [Identifier] {
        try connection.rows(SweepStatement.patternsOfOwner, [.identifier(owner)]) {
            (row) throws(DatabaseError) in try row.identifier(0)
        }
    }

    /// Notes that the inboxes behind one have to be gone through yet.
    package func leave(
        _ pattern: Identifier, after last: Identifier
    ) throws(DatabaseError) {
        try connection.execute(
            SweepStatement.begin, [.identifier(pattern), .identifier(last)])
    }

    package func next() throws(DatabaseError) -> (pattern: Identifier, last: Identifier)? {
        try connection.first(SweepStatement.next, []) { (row) throws(DatabaseError) in
            (try row.identifier(0), try row.identifier(1))
        }
    }

    package func end(_ pattern: Identifier) throws(DatabaseError) {
        try connection.execute(SweepStatement.end, [.identifier(pattern)])
    }
}
