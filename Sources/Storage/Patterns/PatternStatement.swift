enum PatternStatement: String, SQLStatement {
    case insert = """
        INSERT INTO patterns (id, user_id, title, description, flavor, bpm, key_note, is_public, \
        configuration, thumbnail_url, original_pattern_id, play_count, like_count, \
        comment_count, fork_count, created_at, updated_at, published_at, deleted_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
        $18, $19)
        """
    case find = """
        SELECT id, user_id, title, description, flavor, bpm, key_note, is_public, configuration, \
        thumbnail_url, original_pattern_id, play_count, like_count, comment_count, fork_count, \
        created_at, updated_at, published_at, deleted_at FROM patterns WHERE id = $1
        """
    case findOfOwner = """
        SELECT id, user_id, title, description, flavor, bpm, key_note, is_public, configuration, \
        thumbnail_url, original_pattern_id, play_count, like_count, comment_count, fork_count, \
        created_at, updated_at, published_at, deleted_at FROM patterns \
        WHERE user_id = $1 AND (created_at, id) < ($2, $3) AND deleted_at IS NULL \
        ORDER BY created_at DESC, id DESC LIMIT $4
        """
    case findPublicOfOwner = """
        SELECT id, user_id, title, description, flavor, bpm, key_note, is_public, configuration, \
        thumbnail_url, original_pattern_id, play_count, like_count, comment_count, fork_count, \
        created_at, updated_at, published_at, deleted_at FROM patterns \
        WHERE user_id = $1 AND (created_at, id) < ($2, $3) AND deleted_at IS NULL AND is_public \
        ORDER BY created_at DESC, id DESC LIMIT $4
        """
    case findDeletedOfOwner = """
        SELECT id, user_id, title, description, flavor, bpm, key_note, is_public, configuration, \
        thumbnail_url, original_pattern_id, play_count, like_count, comment_count, fork_count, \
        created_at, updated_at, published_at, deleted_at FROM patterns \
        WHERE user_id = $1 AND (created_at, id) < ($2, $3) AND deleted_at > $4 \
        AND removed_at IS NULL ORDER BY created_at DESC, id DESC LIMIT $5
        """
    case updateContent = """
        UPDATE patterns SET title = $1, description = $2, flavor = $3, bpm = $4, key_note = $5, \
        configuration = $6, updated_at = $7 WHERE id = $8
        """
    case publish = """
        UPDATE patterns SET is_public = 1, published_at = $1, updated_at = $1 \
        WHERE id = $2 AND NOT is_public
        """
    case unpublish = """
        UPDATE patterns SET is_public = 0, published_at = NULL, updated_at = $1 \
        WHERE id = $2 AND is_public
        """
    case delete = "UPDATE patterns SET deleted_at = $1 WHERE id = $2 AND deleted_at IS NULL"
    case restore = """
        UPDATE patterns SET deleted_at = NULL, removed_at = NULL WHERE id = $1
        """
    case countFork = "UPDATE patterns SET fork_count = fork_count + 1 WHERE id = $1"
    case countPlay = "UPDATE patterns SET play_count = play_count + 1 WHERE id = $1"
    case playCount = "SELECT play_count FROM patterns WHERE id = $1"
    case ownerName = """
        SELECT u.display_name FROM patterns p JOIN users u ON u.id = p.user_id WHERE p.id = $1
        """
}
