enum FeedStatement: String, SQLStatement {
    /// What followees did among the newest acts of all: a page of who follows many.
    case recent = """
        SELECT m.number FROM (SELECT number, user_id FROM activities WHERE number < $1 \
        ORDER BY number DESC LIMIT $2) m WHERE EXISTS (SELECT 1 FROM follows f \
        WHERE f.follower_id = $3 AND f.following_id = m.user_id) LIMIT $4
        """
    /// The same in the order of a replay.
    case following = """
        SELECT m.number FROM (SELECT number, user_id FROM activities WHERE number > $1 \
        ORDER BY number LIMIT $2) m WHERE EXISTS (SELECT 1 FROM follows f \
        WHERE f.follower_id = $3 AND f.following_id = m.user_id) LIMIT $4
        """
    /// The newest act of each followee, the newest of those first: nobody else can be on the page.
    case newest = """
        SELECT f.following_id, (SELECT MAX(a.number) FROM activities a \
        WHERE a.user_id = f.following_id AND a.number < $1) AS top \
        FROM follows f WHERE f.follower_id = $2 AND top IS NOT NULL ORDER BY top DESC LIMIT $3
        """
    /// The same in the order of a replay.
    case oldest = """
        SELECT f.following_id, (SELECT MIN(a.number) FROM activities a \
        WHERE a.user_id = f.following_id AND a.number > $1) AS top \
        FROM follows f WHERE f.follower_id = $2 AND top IS NOT NULL ORDER BY top LIMIT $3
        """
    case down = """
        SELECT number FROM activities WHERE user_id = $1 AND number BETWEEN $2 AND $3 \
        ORDER BY number DESC LIMIT $4
        """
    case up = """
        SELECT number FROM activities WHERE user_id = $1 AND number BETWEEN $2 AND $3 \
        ORDER BY number LIMIT $4
        """
    case newestNumber = "SELECT MAX(number) FROM activities"
    /// The floor, and the number that was highest ever if it is gone.
    case bounds = """
        SELECT key, value FROM meta WHERE key IN ('activity_floor', 'activity_head') ORDER BY key
        """
    case find = """
        SELECT a.number, a.activity_type, a.created_at, \
        u.id, u.display_name, u.avatar_url, u.is_active, u.deleted_at, \
        p.id, p.title, p.user_id, p.is_public, p.deleted_at, p.removed_at, o.is_active, \
        o.deleted_at, o.display_name, \
        (SELECT k.role FROM collaborators k WHERE k.pattern_id = p.id AND k.user_id = $1 \
        AND k.accepted_at IS NOT NULL), \
        EXISTS (SELECT 1 FROM blocks b WHERE (b.blocker_id = p.user_id AND b.blocked_id = $1) \
        OR (b.blocker_id = $1 AND b.blocked_id = p.user_id)), \
        t.id, t.display_name, t.avatar_url, t.is_active, t.deleted_at, \
        EXISTS (SELECT 1 FROM blocks b WHERE (b.blocker_id = t.id AND b.blocked_id = $1) \
        OR (b.blocker_id = $1 AND b.blocked_id = t.id)), c.id, c.text, c.deleted_at \
        FROM activities a JOIN users u ON u.id = a.user_id \
        LEFT JOIN patterns p ON p.id = a.pattern_id LEFT JOIN users o ON o.id = p.user_id \
        LEFT JOIN users t ON t.id = a.target_user_id LEFT JOIN comments c ON c.id = a.id \
        WHERE a.number = $2
        """
    case counters = """
        SELECT like_count, comment_count, play_count, fork_count FROM patterns WHERE id = $1
        """
    case followees = "SELECT following_id FROM follows WHERE follower_id = $1"
    case blocks = """
        SELECT blocked_id FROM blocks WHERE blocker_id = $1 UNION ALL \
        SELECT blocker_id FROM blocks WHERE blocked_id = $1
        """
}
