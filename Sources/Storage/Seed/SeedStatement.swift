/// Of one connection, while it seeds.
enum SeedCacheStatement: String, SQLStatement {
    /// In KiB.
    case enlarge = "PRAGMA cache_size = -400000"
}

/// Rows as `salsanor seed` writes them: whole, with counters that are known beforehand.
enum SeedStatement: String, SQLStatement {
    case like = "INSERT INTO likes (id, user_id, pattern_id, created_at) VALUES ($1, $2, $3, $4)"
    case follow = """
        INSERT INTO follows (id, follower_id, following_id, created_at) VALUES ($1, $2, $3, $4)
        """
    case comment = """
        INSERT INTO comments (id, user_id, pattern_id, text, parent_comment_id, created_at, \
        updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
        """
    case play = """
        INSERT INTO plays (pattern_id, listener_sha256, played_at) VALUES ($1, $2, $3)
        """
}
