enum SessionStatement: String, SQLStatement {
    case insert = """
        INSERT INTO sessions (id, user_id, token_sha256, ip_address, user_agent, expires_at, \
        created_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """
    case findHolder = """
        SELECT s.id, s.user_id, u.display_name, u.is_admin, s.expires_at, s.last_used_at \
        FROM sessions s JOIN users u ON u.id = s.user_id \
        WHERE s.token_sha256 = $1 AND s.expires_at > $2 AND u.is_active \
        AND u.deleted_at IS NULL AND u.banned_at IS NULL
        """
    case findExpiry = "SELECT expires_at FROM sessions WHERE id = $1"
    case list = """
        SELECT id, user_id, token_sha256, ip_address, user_agent, expires_at, created_at, \
        last_used_at FROM sessions WHERE user_id = $1 AND expires_at > $2 \
        ORDER BY last_used_at DESC, id DESC LIMIT $3
        """
    case idsOfUser = "SELECT id FROM sessions WHERE user_id = $1"
    case beyondNewest = """
        SELECT id FROM sessions WHERE user_id = $1 ORDER BY last_used_at DESC, id DESC \
        LIMIT 1000 OFFSET $2
        """
    case touch = """
        UPDATE sessions SET last_used_at = $1, expires_at = $2 \
        WHERE id = $3 AND last_used_at <= $4
        """
    case delete = "DELETE FROM sessions WHERE id = $1"
    case deleteOwn = "DELETE FROM sessions WHERE id = $1 AND user_id = $2"
    case deleteExpired = """
        DELETE FROM sessions WHERE id IN \
        (SELECT id FROM sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
        """
}
