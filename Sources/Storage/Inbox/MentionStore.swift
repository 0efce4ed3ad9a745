package import Model

enum MentionStatement: String, SQLStatement {
    /// Among those who are called so, who has to do with the pattern ($2) or the author ($3).
    case people = """
        SELECT u.id FROM users u WHERE lower(u.display_name) = lower($1) \
        AND u.is_active AND u.deleted_at IS NULL AND (\
        EXISTS (SELECT 1 FROM patterns p WHERE p.id = $2 AND p.user_id = u.id) \
        OR EXISTS (SELECT 1 FROM collaborators k WHERE k.pattern_id = $2 AND k.user_id = u.id) \
        OR EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = $3 AND f.following_id = u.id) \
        OR EXISTS (SELECT 1 FROM follows g WHERE g.follower_id = u.id AND g.following_id = $3) \
        OR EXISTS (SELECT 1 FROM comments c WHERE c.user_id = u.id AND c.pattern_id = $2 \
        AND c.deleted_at IS NULL)) LIMIT $4
        """
}

/// Whom a name in a comment means. `Protocol/notifications.md#notices`.
package struct MentionStore {
    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// People of that name who have to do with the pattern or the author, at most `limit`.
    package func people(
        called name: String, at pattern: Identifier, author: Identifier, limit: Int
    ) throws(DatabaseError) -> [Identifier] {
        try connection.rows(
            MentionStatement.people,
            [
                .text(name), .identifier(pattern), .identifier(author), .integer(Int64(limit)),
            ]
        ) { (row) throws(DatabaseError) in try row.identifier(0) }
    }
}
