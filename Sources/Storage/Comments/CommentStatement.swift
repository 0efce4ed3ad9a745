enum CommentStatement: String, SQLStatement {
    case insert = """
        INSERT INTO comments (id, user_id, pattern_id, text, parent_comment_id, is_edited, \
        created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """
    case find = """
        SELECT id, user_id, pattern_id, text, parent_comment_id, is_edited, created_at, \
        updated_at, deleted_at FROM comments WHERE id = $1
        """
    case parent = "SELECT parent_comment_id FROM comments WHERE id = $1"
    case edit = """
        UPDATE comments SET text = $1, is_edited = 1, updated_at = $2 \
        WHERE id = $3 AND deleted_at IS NULL
        """
    case empty = """
        UPDATE comments SET text = '', deleted_at = $1, updated_at = $1 \
        WHERE id = $2 AND deleted_at IS NULL
        """
    case addToCount = "UPDATE patterns SET comment_count = comment_count + $1 WHERE id = $2"
    case count = "SELECT comment_count FROM patterns WHERE id = $1"
    case listed = """
        SELECT c.id, c.user_id, c.pattern_id, c.text, c.parent_comment_id, c.is_edited, \
        c.created_at, c.updated_at, c.deleted_at, u.id, u.display_name, u.avatar_url, \
        u.is_active, u.deleted_at, \
        (SELECT COUNT(*) FROM comments r WHERE r.parent_comment_id = c.id), \
        EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = $1 AND b.blocked_id = c.user_id) \
        FROM comments c JOIN users u ON u.id = c.user_id WHERE c.id = $2
        """
    case page = """
        SELECT c.id, c.user_id, c.pattern_id, c.text, c.parent_comment_id, c.is_edited, \
        c.created_at, c.updated_at, c.deleted_at, u.id, u.display_name, u.avatar_url, \
        u.is_active, u.deleted_at, \
        (SELECT COUNT(*) FROM comments r WHERE r.parent_comment_id = c.id), \
        EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = $1 AND b.blocked_id = c.user_id) \
        FROM comments c JOIN users u ON u.id = c.user_id \
        WHERE c.pattern_id = $2 AND c.parent_comment_id IS NULL \
        AND (c.created_at, c.id) < ($3, $4) \
        ORDER BY c.created_at DESC, c.id DESC LIMIT $5
        """
    case replies = """
        SELECT c.id, c.user_id, c.pattern_id, c.text, c.parent_comment_id, c.is_edited, \
        c.created_at, c.updated_at, c.deleted_at, u.id, u.display_name, u.avatar_url, \
        u.is_active, u.deleted_at, \
        (SELECT COUNT(*) FROM comments r WHERE r.parent_comment_id = c.id), \
        EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = $1 AND b.blocked_id = c.user_id) \
        FROM comments c JOIN users u ON u.id = c.user_id \
        WHERE c.parent_comment_id = $2 AND (c.created_at, c.id) < ($3, $4) \
        ORDER BY c.created_at DESC, c.id DESC LIMIT $5
        """
    case someOfUser = """
        SELECT id, user_id, pattern_id, text, parent_comment_id, is_edited, created_at, \
        updated_at, deleted_at FROM comments WHERE user_id = $1 \
        ORDER BY created_at DESC, id DESC LIMIT $2
        """
    case hasReplies = "SELECT 1 FROM comments WHERE parent_comment_id = $1 LIMIT 1"
    case remove = "DELETE FROM comments WHERE id = $1"
    case giveAway = "UPDATE comments SET user_id = $1 WHERE id = $2"
    case makeNobody = """
        INSERT INTO users (id, email, email_normalised, display_name, is_active, created_at, \
        updated_at) VALUES ($1, 'nobody', 'nobody', 'nobody', 0, 0, 0) \
        ON CONFLICT (id) DO NOTHING
        """
}
