enum FollowStatement: String, SQLStatement {
    case insert = """
        INSERT INTO follows (id, follower_id, following_id, created_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (follower_id, following_id) DO NOTHING
        """
    case delete = """
        DELETE FROM follows WHERE follower_id = $1 AND following_id = $2 RETURNING id
        """
    case exists = "SELECT 1 FROM follows WHERE follower_id = $1 AND following_id = $2"
    case followingCount = "SELECT COUNT(*) FROM follows WHERE follower_id = $1"
    case followers = """
        SELECT f.created_at, f.id, u.id, u.display_name, u.avatar_url, u.is_active, u.deleted_at \
        FROM follows f JOIN users u ON u.id = f.follower_id \
        WHERE f.following_id = $1 AND (f.created_at, f.id) < ($2, $3) \
        ORDER BY f.created_at DESC, f.id DESC LIMIT $4
        """
    case following = """
        SELECT f.created_at, f.id, u.id, u.display_name, u.avatar_url, u.is_active, u.deleted_at \
        FROM follows f JOIN users u ON u.id = f.following_id \
        WHERE f.follower_id = $1 AND (f.created_at, f.id) < ($2, $3) \
        ORDER BY f.created_at DESC, f.id DESC LIMIT $4
        """
}
