enum ProfileStatement: String, SQLStatement {
    case find = """
        SELECT id, display_name, avatar_url, is_active, deleted_at, bio, created_at, \
        (SELECT COUNT(*) FROM follows WHERE following_id = users.id), \
        (SELECT COUNT(*) FROM follows WHERE follower_id = users.id), \
        (SELECT COUNT(*) FROM pattern_search WHERE user_id = users.id AND is_listed \
        AND pattern_id IS NOT NULL) FROM users WHERE id = $1
        """
    case findPerson = """
        SELECT id, display_name, avatar_url, is_active, deleted_at FROM users WHERE id = $1
        """
    case isAdministrator = """
        SELECT is_admin FROM users WHERE id = $1 AND is_active AND deleted_at IS NULL
        """
}
