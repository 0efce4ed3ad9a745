enum ActivityStatement: String, SQLStatement {
    case note = """
        INSERT INTO activities (id, user_id, activity_type, pattern_id, target_user_id, metadata, \
        created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        """
    case remove = "DELETE FROM activities WHERE id = $1 RETURNING number"
    case hasAbove = "SELECT 1 FROM activities WHERE number > $1 LIMIT 1"
    case oldest = """
        SELECT number, created_at FROM activities WHERE number > 0 ORDER BY number LIMIT $1
        """
    case removeThrough = "DELETE FROM activities WHERE number <= $1"
    case setHead = """
        INSERT INTO meta (key, value) VALUES ('activity_head', $1) \
        ON CONFLICT (key) DO UPDATE SET value = excluded.value
        """
    case setFloor = """
        INSERT INTO meta (key, value) VALUES ('activity_floor', $1) \
        ON CONFLICT (key) DO UPDATE SET value = excluded.value
        """
}
