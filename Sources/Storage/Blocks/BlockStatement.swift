enum BlockStatement: String, SQLStatement {
    case insert = """
        INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES ($1, $2, $3) \
        ON CONFLICT (blocker_id, blocked_id) DO NOTHING
        """
    case delete = "DELETE FROM blocks WHERE blocker_id = $1 AND blocked_id = $2"
    case exists = "SELECT 1 FROM blocks WHERE blocker_id = $1 AND blocked_id = $2"
    case between = """
        SELECT 1 FROM blocks WHERE (blocker_id = $1 AND blocked_id = $2) \
        OR (blocker_id = $2 AND blocked_id = $1)
        """
    case page = """
        SELECT b.created_at, b.blocked_id, u.id, u.display_name, u.avatar_url, u.is_active, \
        u.deleted_at FROM blocks b JOIN users u ON u.id = b.blocked_id \
        WHERE b.blocker_id = $1 AND (b.created_at, b.blocked_id) < ($2, $3) \
        ORDER BY b.created_at DESC, b.blocked_id DESC LIMIT $4
        """
    case endCollaborations = """
        DELETE FROM collaborators WHERE user_id = $1 AND pattern_id IN \
        (SELECT id FROM patterns WHERE user_id = $2) RETURNING pattern_id
        """
}
