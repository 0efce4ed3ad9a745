enum LikeStatement: String, SQLStatement {
    case insert = """
        INSERT INTO likes (id, user_id, pattern_id, created_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (user_id, pattern_id) DO NOTHING
        """
    case delete = "DELETE FROM likes WHERE user_id = $1 AND pattern_id = $2 RETURNING id"
    case exists = "SELECT 1 FROM likes WHERE user_id = $1 AND pattern_id = $2"
    case addToCount = "UPDATE patterns SET like_count = like_count + $1 WHERE id = $2"
    case count = "SELECT like_count FROM patterns WHERE id = $1"
    case recount = "SELECT COUNT(*) FROM likes WHERE pattern_id = $1"
    case page = """
        SELECT l.created_at, l.id, u.id, u.display_name, u.avatar_url, u.is_active, u.deleted_at \
        FROM likes l JOIN users u ON u.id = l.user_id \
        WHERE l.pattern_id = $1 AND (l.created_at, l.id) < ($2, $3) \
        ORDER BY l.created_at DESC, l.id DESC LIMIT $4
        """
    case someOfUser = """
        SELECT pattern_id FROM likes WHERE user_id = $1 \
        ORDER BY created_at DESC, id DESC LIMIT $2
        """
}
