enum AdministrationStatement: String, SQLStatement {
    case note = """
        INSERT INTO administration_log (id, administrator_id, action, target_id, detail, \
        created_at) VALUES ($1, $2, $3, $4, $5, $6)
        """
    case log = """
        SELECT id, administrator_id, action, target_id, detail, created_at \
        FROM administration_log WHERE (created_at, id) < ($1, $2) \
        ORDER BY created_at DESC, id DESC LIMIT $3
        """
    case users = """
        SELECT id, email, display_name, is_active, is_admin, created_at, last_login_at, \
        deleted_at, banned_at FROM users WHERE id < $1 ORDER BY id DESC LIMIT $2
        """
    case usersByEmail = """
        SELECT id, email, display_name, is_active, is_admin, created_at, last_login_at, \
        deleted_at, banned_at FROM users \
        WHERE email_normalised >= $1 AND email_normalised < $2 AND email_normalised > \
        COALESCE((SELECT email_normalised FROM users WHERE id = $3), '') \
        ORDER BY email_normalised LIMIT $4
        """
    case user = """
        SELECT id, email, display_name, is_active, is_admin, created_at, last_login_at, \
        deleted_at, banned_at FROM users WHERE id = $1
        """
    case ban = """
        UPDATE users SET is_active = 0, banned_at = $1, updated_at = $1 WHERE id = $2
        """
    case unban = """
        UPDATE users SET is_active = 1, banned_at = NULL, updated_at = $1 WHERE id = $2
        """
    case setAdministrator = "UPDATE users SET is_admin = $1, updated_at = $2 WHERE id = $3"
    case endSession = "DELETE FROM sessions WHERE id = $1 RETURNING user_id"
    case removePattern = """
        UPDATE patterns SET deleted_at = $1, removed_at = $1 WHERE id = $2 AND removed_at IS NULL
        """
}
