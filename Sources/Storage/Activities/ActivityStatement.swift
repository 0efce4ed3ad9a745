enum ActivityStatement: String, SQLStatement {
    case note = """
        INSERT INTO activities (id, user_id, activity_type, pattern_id, target_user_id, metadata, \
        created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        """
    case remove = "DELETE FROM activities WHERE id = $1"
}
