enum CollaboratorStatement: String, SQLStatement {
    case write = """
        INSERT INTO collaborators (pattern_id, user_id, role, invited_by, created_at, \
        accepted_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (pattern_id, user_id) \
        DO UPDATE SET role = excluded.role, accepted_at = excluded.accepted_at
        """
    case find = """
        SELECT c.user_id, u.display_name, c.role, c.created_at, c.accepted_at \
        FROM collaborators c JOIN users u ON u.id = c.user_id \
        WHERE c.pattern_id = $1 AND c.user_id = $2
        """
    case ofPattern = """
        SELECT c.user_id, u.display_name, c.role, c.created_at, c.accepted_at \
        FROM collaborators c JOIN users u ON u.id = c.user_id \
        WHERE c.pattern_id = $1 ORDER BY c.user_id LIMIT $2
        """
    case ofUser = """
        SELECT c.pattern_id, p.title, p.user_id, u.display_name, c.role, c.created_at, \
        c.accepted_at FROM collaborators c JOIN patterns p ON p.id = c.pattern_id \
        JOIN users u ON u.id = p.user_id WHERE c.user_id = $1 \
        AND (c.created_at, c.pattern_id) < ($2, $3) AND p.deleted_at IS NULL \
        AND u.is_active AND u.deleted_at IS NULL \
        ORDER BY c.created_at DESC, c.pattern_id DESC LIMIT $4
        """
    case roles = """
        SELECT user_id, role FROM collaborators \
        WHERE pattern_id = $1 AND accepted_at IS NOT NULL LIMIT $2
        """
    case count = "SELECT COUNT(*) FROM collaborators WHERE pattern_id = $1"
    case delete = "DELETE FROM collaborators WHERE pattern_id = $1 AND user_id = $2"
}
