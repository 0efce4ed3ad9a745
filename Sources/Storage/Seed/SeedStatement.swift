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
    /// Of what was done from $1 on and before $2, in its order.
    case activities = """
        INSERT INTO activities (id, user_id, activity_type, pattern_id, target_user_id, \
        created_at) SELECT id, user_id, kind, pattern_id, target_id, created_at FROM ( \
        SELECT id, user_id, CASE WHEN is_public THEN 'pattern_published' \
        ELSE 'pattern_created' END AS kind, id AS pattern_id, NULL AS target_id, created_at \
        FROM patterns WHERE created_at >= $1 AND created_at < $2 \
        UNION ALL SELECT id, user_id, 'pattern_liked', pattern_id, NULL, created_at \
        FROM likes WHERE created_at >= $1 AND created_at < $2 \
        UNION ALL SELECT id, user_id, 'comment_created', pattern_id, NULL, created_at \
        FROM comments WHERE created_at >= $1 AND created_at < $2 \
        UNION ALL SELECT id, follower_id, 'user_followed', NULL, following_id, created_at \
        FROM follows WHERE created_at >= $1 AND created_at < $2) AS done \
        WHERE true ORDER BY created_at, id ON CONFLICT (id) DO NOTHING
        """
}
