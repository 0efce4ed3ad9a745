enum UserStatement: String, SQLStatement {
    case insert = """
        INSERT INTO users (id, email, email_normalised, password_hash, display_name, avatar_url, \
        bio, oauth_provider, oauth_id, email_verified, is_active, is_admin, created_at, \
        updated_at, last_login_at, deleted_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        """
    case insertPreferences = """
        INSERT INTO user_preferences (id, user_id, default_bpm, default_key_note, \
        default_flavor, use_glass_ui, auto_play, show_beat_numbers, default_volume, theme, \
        language, notifications_enabled, email_notifications, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """
    case findByEmail = """
        SELECT id, email, email_normalised, password_hash, display_name, avatar_url, bio, \
        oauth_provider, oauth_id, email_verified, is_active, is_admin, created_at, updated_at, \
        last_login_at, deleted_at, banned_at FROM users WHERE email_normalised = $1
        """
    case findByID = """
        SELECT id, email, email_normalised, password_hash, display_name, avatar_url, bio, \
        oauth_provider, oauth_id, email_verified, is_active, is_admin, created_at, updated_at, \
        last_login_at, deleted_at, banned_at FROM users WHERE id = $1
        """
    case findPreferences = """
        SELECT id, user_id, default_bpm, default_key_note, default_flavor, use_glass_ui, \
        auto_play, show_beat_numbers, default_volume, theme, language, notifications_enabled, \
        email_notifications, created_at, updated_at FROM user_preferences WHERE user_id = $1
        """
    case setPasswordHash = "UPDATE users SET password_hash = $1, updated_at = $2 WHERE id = $3"
    case setEmailVerified = """
        UPDATE users SET email_verified = 1, updated_at = $1 WHERE id = $2
        """
    case setEmail = """
        UPDATE users SET email = $1, email_normalised = $2, email_verified = 1, \
        updated_at = $3 WHERE id = $4
        """
    case findByIdentity = """
        SELECT id, email, email_normalised, password_hash, display_name, avatar_url, bio, \
        oauth_provider, oauth_id, email_verified, is_active, is_admin, created_at, updated_at, \
        last_login_at, deleted_at, banned_at FROM users WHERE oauth_provider = $1 AND oauth_id = $2
        """
    case setIdentity = """
        UPDATE users SET oauth_provider = $1, oauth_id = $2, updated_at = $3 WHERE id = $4
        """
    case updateProfile = """
        UPDATE users SET display_name = $1, avatar_url = $2, bio = $3, updated_at = $4 \
        WHERE id = $5
        """
    case updatePreferences = """
        UPDATE user_preferences SET default_bpm = $1, default_key_note = $2, \
        default_flavor = $3, use_glass_ui = $4, auto_play = $5, show_beat_numbers = $6, \
        default_volume = $7, theme = $8, language = $9, notifications_enabled = $10, \
        email_notifications = $11, updated_at = $12 WHERE user_id = $13
        """
    case setPresence = """
        UPDATE users SET is_active = $1, deleted_at = $2, updated_at = $3 WHERE id = $4
        """
    case first = "SELECT id FROM users ORDER BY id LIMIT 1"
    case touchLastLogin = "UPDATE users SET last_login_at = $1 WHERE id = $2"
}
