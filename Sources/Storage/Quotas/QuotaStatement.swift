/// When the row behind so many newer ones of a person was made. `Protocol/limits.md#people`.
enum QuotaStatement: String, SQLStatement {
    case patterns = """
        SELECT created_at FROM patterns WHERE user_id = $1 \
        ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET $2
        """
    case comments = """
        SELECT created_at FROM comments WHERE user_id = $1 \
        ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET $2
        """
    case follows = """
        SELECT created_at FROM follows WHERE follower_id = $1 \
        ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET $2
        """
    case blocks = """
        SELECT created_at FROM blocks WHERE blocker_id = $1 \
        ORDER BY blocked_id LIMIT 1 OFFSET $2
        """
}
