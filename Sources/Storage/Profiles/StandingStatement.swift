enum StandingStatement: String, SQLStatement {
    case find = """
        SELECT p.user_id, p.is_public, p.deleted_at, p.removed_at, o.is_active, o.deleted_at, \
        (SELECT c.role FROM collaborators c WHERE c.pattern_id = p.id AND c.user_id = $1 \
        AND c.accepted_at IS NOT NULL), \
        EXISTS (SELECT 1 FROM blocks b WHERE (b.blocker_id = p.user_id AND b.blocked_id = $1) \
        OR (b.blocker_id = $1 AND b.blocked_id = p.user_id)), \
        (SELECT a.is_admin FROM users a WHERE a.id = $1) \
        FROM patterns p JOIN users o ON o.id = p.user_id WHERE p.id = $2
        """
}
