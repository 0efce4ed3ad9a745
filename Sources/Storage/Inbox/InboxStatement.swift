/// `INDEXED BY` where a bigger inbox must not cost more: without statistics SQLite walks the whole
/// inbox by its primary key instead, which doubled what a like costs (sqlite.org/lang_indexedby).
enum InboxStatement: String, SQLStatement {
    case head = """
        SELECT last_number, floor, unread_count, digested_at FROM inbox_heads WHERE user_id = $1
        """
    case setHead = """
        INSERT INTO inbox_heads (user_id, last_number, floor, unread_count, digest_due_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (user_id) DO UPDATE SET \
        last_number = excluded.last_number, floor = excluded.floor, \
        unread_count = excluded.unread_count, \
        digest_due_at = COALESCE(inbox_heads.digest_due_at, excluded.digest_due_at)
        """
    case append = """
        INSERT INTO inbox (user_id, number, event, kind, actor_id, pattern_id, comment_id, \
        fork_id, role, notice, through, numbers, unread_count, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        """
    case formerByPattern = """
        SELECT number, retracted_at, restores FROM inbox INDEXED BY idx_inbox_actor_id \
        WHERE user_id = $1 AND actor_id = $2 \
        AND kind = $3 AND pattern_id = $4 AND event = 'notice' ORDER BY number DESC LIMIT 1
        """
    case formerWithoutPattern = """
        SELECT number, retracted_at, restores FROM inbox INDEXED BY idx_inbox_actor_id \
        WHERE user_id = $1 AND actor_id = $2 \
        AND kind = $3 AND pattern_id IS NULL AND event = 'notice' ORDER BY number DESC LIMIT 1
        """
    case ofKind = """
        SELECT number FROM inbox INDEXED BY idx_inbox_pattern_id \
        WHERE pattern_id = $1 AND user_id = $2 AND kind = $3 \
        AND event = 'notice' AND retracted_at IS NULL
        """
    case ofComment = """
        SELECT user_id, number FROM inbox WHERE comment_id = $1 AND event = 'notice' \
        AND retracted_at IS NULL
        """
    case toldOfComment = """
        SELECT DISTINCT user_id FROM inbox WHERE comment_id = $1 AND event = 'notice'
        """
    case isUnread = """
        SELECT 1 FROM inbox WHERE user_id = $1 AND number = $2 AND event = 'notice' \
        AND read_at IS NULL AND retracted_at IS NULL
        """
    case restore = """
        UPDATE inbox SET retracted_at = NULL, restores = restores + 1 \
        WHERE user_id = $1 AND number = $2 AND event = 'notice' AND retracted_at IS NOT NULL
        """
    case retract = """
        UPDATE inbox SET retracted_at = $1 WHERE user_id = $2 AND number = $3 \
        AND event = 'notice' AND retracted_at IS NULL
        """
    case retractAbout = """
        UPDATE inbox SET retracted_at = $1 WHERE user_id = $2 AND number IN (\
        SELECT n.number FROM inbox n WHERE n.pattern_id = $3 AND n.user_id = $4 \
        AND n.event = 'notice' AND n.retracted_at IS NULL LIMIT $5) RETURNING number
        """
    case retractOf = """
        UPDATE inbox INDEXED BY idx_inbox_actor_id \
        SET retracted_at = $1 WHERE user_id = $2 AND actor_id = $3 \
        AND event = 'notice' AND retracted_at IS NULL RETURNING number
        """
    case read = """
        UPDATE inbox INDEXED BY idx_inbox_unread \
        SET read_at = $1 WHERE user_id = $2 AND number <= $3 \
        AND event = 'notice' AND read_at IS NULL AND retracted_at IS NULL
        """
    case readOfKind = """
        UPDATE inbox INDEXED BY idx_inbox_unread \
        SET read_at = $1 WHERE user_id = $2 AND number <= $3 AND kind = $4 \
        AND event = 'notice' AND read_at IS NULL AND retracted_at IS NULL RETURNING number
        """
    case readAbout = """
        UPDATE inbox INDEXED BY idx_inbox_pattern_id \
        SET read_at = $1 WHERE user_id = $2 AND number <= $3 AND pattern_id = $4 \
        AND event = 'notice' AND read_at IS NULL AND retracted_at IS NULL RETURNING number
        """
    case readOfKindAbout = """
        UPDATE inbox INDEXED BY idx_inbox_pattern_id \
        SET read_at = $1 WHERE user_id = $2 AND number <= $3 AND kind = $4 \
        AND pattern_id = $5 AND event = 'notice' AND read_at IS NULL AND retracted_at IS NULL \
        RETURNING number
        """
    case readSingly = """
        UPDATE inbox SET read_at = $1 WHERE user_id = $2 AND number = $3 \
        AND event = 'notice' AND read_at IS NULL AND retracted_at IS NULL
        """
    case recount = """
        SELECT COUNT(*) FROM inbox INDEXED BY idx_inbox_unread \
        WHERE user_id = $1 AND event = 'notice' \
        AND read_at IS NULL AND retracted_at IS NULL
        """
    case oldest = """
        SELECT number, created_at FROM inbox WHERE user_id = $1 AND number > $2 \
        ORDER BY number LIMIT $3
        """
    case hasNoticesThrough = """
        SELECT 1 FROM inbox WHERE user_id = $1 AND number <= $2 AND event = 'notice' \
        AND retracted_at IS NULL LIMIT 1
        """
    case unreadThrough = """
        SELECT COUNT(*) FROM inbox INDEXED BY idx_inbox_unread \
        WHERE user_id = $1 AND number <= $2 AND event = 'notice' \
        AND read_at IS NULL AND retracted_at IS NULL
        """
    case deleteThrough = "DELETE FROM inbox WHERE user_id = $1 AND number <= $2"
    case notices = """
        SELECT n.number, n.kind, n.pattern_id, p.title, n.comment_id, c.text, \
        CASE WHEN f.is_public AND f.deleted_at IS NULL THEN f.id END, n.role, n.created_at, \
        n.read_at, n.retracted_at, u.id, u.display_name, u.avatar_url, u.is_active, u.deleted_at \
        FROM inbox n LEFT JOIN users u ON u.id = n.actor_id \
        LEFT JOIN patterns p ON p.id = n.pattern_id \
        LEFT JOIN comments c ON c.id = n.comment_id AND c.deleted_at IS NULL \
        LEFT JOIN patterns f ON f.id = n.fork_id \
        WHERE n.user_id = $1 AND n.number < $2 AND n.event = 'notice' \
        AND n.retracted_at IS NULL ORDER BY n.number DESC LIMIT $3
        """
    case notice = """
        SELECT n.number, n.kind, n.pattern_id, p.title, n.comment_id, c.text, \
        CASE WHEN f.is_public AND f.deleted_at IS NULL THEN f.id END, n.role, n.created_at, \
        n.read_at, n.retracted_at, u.id, u.display_name, u.avatar_url, u.is_active, u.deleted_at \
        FROM inbox n LEFT JOIN users u ON u.id = n.actor_id \
        LEFT JOIN patterns p ON p.id = n.pattern_id \
        LEFT JOIN comments c ON c.id = n.comment_id AND c.deleted_at IS NULL \
        LEFT JOIN patterns f ON f.id = n.fork_id \
        WHERE n.user_id = $1 AND n.number = $2 AND n.event = 'notice'
        """
    case events = """
        SELECT number, event, notice, through, numbers, unread_count \
        FROM inbox WHERE user_id = $1 AND number > $2 ORDER BY number LIMIT $3
        """
    case items = """
        SELECT n.number, n.kind, CASE WHEN u.is_active AND u.deleted_at IS NULL THEN u.id END, \
        n.pattern_id, n.read_at FROM inbox n LEFT JOIN users u ON u.id = n.actor_id \
        WHERE n.user_id = $1 AND n.event = 'notice' AND n.retracted_at IS NULL \
        ORDER BY n.number DESC LIMIT $2
        """
}
