/// Pages of one's own rows, each in the order of an index.
enum ExportStatement: String, SQLStatement {
    case patterns = """
        SELECT id, title, description, flavor, bpm, key_note, is_public, configuration, \
        original_pattern_id, play_count, like_count, comment_count, fork_count, created_at, \
        updated_at, published_at, deleted_at FROM patterns \
        WHERE user_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT $4
        """
    case comments = """
        SELECT id, pattern_id, parent_comment_id, text, is_edited, created_at, updated_at, \
        deleted_at FROM comments \
        WHERE user_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT $4
        """
    case likes = """
        SELECT id, pattern_id, created_at FROM likes \
        WHERE user_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT $4
        """
    case following = """
        SELECT id, following_id, created_at FROM follows \
        WHERE follower_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT $4
        """
    case followers = """
        SELECT id, follower_id, created_at FROM follows \
        WHERE following_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT $4
        """
    case blocks = """
        SELECT blocked_id, created_at FROM blocks \
        WHERE blocker_id = $1 AND blocked_id > $2 ORDER BY blocked_id LIMIT $3
        """
    case collaborations = """
        SELECT pattern_id, role, created_at, accepted_at FROM collaborators \
        WHERE user_id = $1 AND (created_at, pattern_id) > ($2, $3) \
        ORDER BY created_at, pattern_id LIMIT $4
        """
    case activities = """
        SELECT number, activity_type, pattern_id, target_user_id, metadata, created_at \
        FROM activities WHERE user_id = $1 AND number > $2 ORDER BY number LIMIT $3
        """
    case inbox = """
        SELECT number, kind, actor_id, pattern_id, comment_id, fork_id, role, created_at, read_at \
        FROM inbox WHERE user_id = $1 AND number > $2 AND event = 'notice' \
        AND retracted_at IS NULL ORDER BY number LIMIT $3
        """
}
