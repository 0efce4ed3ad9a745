enum SessionStatement: String, SQLStatement {
    case insert = """
        INSERT INTO sessions (id, user_id, token_sha256, ip_address, user_agent, expires_at, \
        created_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """
    case findHolder = """
        SELECT s.id, s.user_id, u.display_name, u.is_admin, s.expires_at, s.last_used_at \
        FROM sessions s JOIN users u ON u.id = s.user_id \
        WHERE s.token_sha256 = $1 AND s.expires_at > $2 AND u.is_active \
        AND u.deleted_at IS NULL
        """
    case touch = """
        UPDATE sessions SET last_used_at = $1, expires_at = $2 \
        WHERE id = $3 AND last_used_at <= $4
        """
    case delete = "DELETE FROM sessions WHERE id = $1"
    case deleteByToken = "DELETE FROM sessions WHERE token_sha256 = $1"
    case endAllOfUser = "DELETE FROM sessions WHERE user_id = $1 RETURNING id"
    case deleteExpired = """
        DELETE FROM sessions WHERE id IN \
        (SELECT id FROM sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
        """
}
