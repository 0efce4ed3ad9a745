enum ShareLinkStatement: String, SQLStatement {
    case insert = """
        INSERT INTO share_links (id, pattern_id, secret_sha256, role, created_by, created_at, \
        expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        """
    case find = """
        SELECT id, pattern_id, secret_sha256, role, created_by, created_at, expires_at \
        FROM share_links WHERE id = $1
        """
    case findBySecret = """
        SELECT id, pattern_id, secret_sha256, role, created_by, created_at, expires_at \
        FROM share_links WHERE secret_sha256 = $1 AND expires_at > $2
        """
    case ofPattern = """
        SELECT id, pattern_id, secret_sha256, role, created_by, created_at, expires_at \
        FROM share_links WHERE pattern_id = $1 AND expires_at > $2 ORDER BY created_at LIMIT $3
        """
    case delete = "DELETE FROM share_links WHERE id = $1"
    case expired = """
        SELECT id FROM share_links WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
        """
}
