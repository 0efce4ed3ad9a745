/// `pattern_search` and `pattern_text`. The second is FTS5's, whose key has no other name than
/// `rowid`: another engine brings its own texts for those.
enum SearchStatement: String, SQLStatement {
    // MARK: Keeping up

    case source = """
        SELECT p.user_id, p.is_public, p.deleted_at, coalesce(p.published_at, p.created_at), \
        p.flavor, p.bpm, p.key_note, p.configuration, p.title, coalesce(p.description, ''), \
        u.display_name FROM patterns p JOIN users u ON u.id = p.user_id WHERE p.id = $1
        """
    case find = "SELECT number, is_listed, listed_at FROM pattern_search WHERE pattern_id = $1"
    case insert = """
        INSERT INTO pattern_search (pattern_id, user_id, is_listed, flavor, bpm, key_note, \
        instruments, listed_at) VALUES ($1, $2, 1, $3, $4, $5, $6, $7) RETURNING number
        """
    case update = """
        UPDATE pattern_search SET is_listed = 1, flavor = $1, bpm = $2, key_note = $3, \
        instruments = $4 WHERE number = $5
        """
    case hide = "UPDATE pattern_search SET is_listed = 0 WHERE number = $1"
    case delete = "DELETE FROM pattern_search WHERE number = $1"
    case orphans = "SELECT number FROM pattern_search WHERE pattern_id IS NULL LIMIT $1"
    case ofOwner = """
        SELECT pattern_id FROM pattern_search WHERE user_id = $1 AND pattern_id IS NOT NULL
        """
    case insertText = """
        INSERT INTO pattern_text (rowid, title, description, owner_name) VALUES ($1, $2, $3, $4)
        """
    case text = "SELECT title, description, owner_name FROM pattern_text WHERE rowid = $1"
    case updateText = """
        UPDATE pattern_text SET title = $1, description = $2, owner_name = $3 WHERE rowid = $4
        """
    case deleteText = "DELETE FROM pattern_text WHERE rowid = $1"

    // MARK: Looking

    case head = "SELECT number FROM pattern_search WHERE number < $1 ORDER BY number DESC LIMIT 1"
    case newest = """
        SELECT s.number, s.pattern_id FROM pattern_search s \
        WHERE s.number < $1 AND s.number >= $2 AND s.pattern_id IS NOT NULL AND s.is_listed \
        AND s.flavor = coalesce($3, s.flavor) AND s.bpm BETWEEN $4 AND $5 \
        AND s.key_note = coalesce($6, s.key_note) AND s.instruments & $7 = $7 \
        ORDER BY s.number DESC LIMIT $8
        """
    case newestOfOwner = """
        SELECT s.number, s.pattern_id, p.play_count, p.like_count \
        FROM pattern_search s JOIN patterns p ON p.id = s.pattern_id \
        WHERE s.number < $1 AND s.is_listed AND s.flavor = coalesce($2, s.flavor) \
        AND s.bpm BETWEEN $3 AND $4 AND s.key_note = coalesce($5, s.key_note) \
        AND s.instruments & $6 = $6 AND s.user_id = $7 ORDER BY s.number DESC LIMIT $8
        """
    /// Reads at most $3 matches, whatever the filter leaves of them.
    case matches = """
        SELECT s.number, s.pattern_id FROM (SELECT rowid AS number FROM pattern_text \
        WHERE pattern_text MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $3) m \
        JOIN pattern_search s ON s.number = m.number \
        WHERE s.pattern_id IS NOT NULL AND s.is_listed AND s.flavor = coalesce($4, s.flavor) \
        AND s.bpm BETWEEN $5 AND $6 AND s.key_note = coalesce($7, s.key_note) \
        AND s.instruments & $8 = $8 AND s.user_id = coalesce($9, s.user_id) LIMIT $10
        """
    case match = """
        SELECT rowid FROM pattern_text WHERE pattern_text MATCH $1 AND rowid < $2 \
        ORDER BY rowid DESC LIMIT 1 OFFSET $3
        """
    case card = """
        SELECT p.id, p.user_id, u.display_name, p.title, coalesce(p.description, ''), p.flavor, \
        p.bpm, p.key_note, o.id, p.play_count, p.like_count, p.comment_count, p.fork_count, \
        p.created_at, p.updated_at, p.published_at, c.role FROM patterns p \
        JOIN users u ON u.id = p.user_id \
        LEFT JOIN patterns o ON o.id = p.original_pattern_id AND o.is_public \
        AND o.deleted_at IS NULL \
        LEFT JOIN collaborators c ON c.pattern_id = p.id AND c.user_id = $1 \
        AND c.accepted_at IS NOT NULL \
        WHERE p.id = $2 AND p.is_public AND p.deleted_at IS NULL AND u.is_active \
        AND u.deleted_at IS NULL \
        AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = $1 \
        AND b.blocked_id = p.user_id) \
        AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = p.user_id \
        AND b.blocked_id = $1)
        """

    // MARK: Ranking

    case mostPlayed = """
        SELECT s.number, s.pattern_id, s.user_id, s.flavor, s.bpm, s.key_note, s.instruments \
        FROM patterns p JOIN pattern_search s ON s.pattern_id = p.id \
        WHERE p.play_count > 0 AND s.is_listed ORDER BY p.play_count DESC LIMIT $1
        """
    case mostLiked = """
        SELECT s.number, s.pattern_id, s.user_id, s.flavor, s.bpm, s.key_note, s.instruments \
        FROM patterns p JOIN pattern_search s ON s.pattern_id = p.id \
        WHERE p.like_count > 0 AND s.is_listed ORDER BY p.like_count DESC LIMIT $1
        """
    case entry = """
        SELECT number, pattern_id, user_id, flavor, bpm, key_note, instruments \
        FROM pattern_search WHERE pattern_id = $1 AND is_listed
        """
    case likesBetween = """
        SELECT pattern_id FROM likes WHERE created_at >= $1 AND created_at < $2 LIMIT $3
        """
    case playsBetween = """
        SELECT pattern_id FROM plays WHERE played_at >= $1 AND played_at < $2 LIMIT $3
        """
}
