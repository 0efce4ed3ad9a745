enum OperationStatement: String, SQLStatement {
    case note = """
        INSERT INTO operations (user_id, operation_id, request_sha256, answer, created_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (user_id, operation_id) DO UPDATE SET \
        request_sha256 = excluded.request_sha256, answer = excluded.answer, \
        created_at = excluded.created_at
        """
    case find = """
        SELECT request_sha256, answer FROM operations \
        WHERE user_id = $1 AND operation_id = $2 AND created_at > $3
        """
    case oldest = """
        SELECT user_id, operation_id FROM operations WHERE created_at <= $1 \
        ORDER BY created_at LIMIT $2
        """
    case forget = "DELETE FROM operations WHERE user_id = $1 AND operation_id = $2"
}
