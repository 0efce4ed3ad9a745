enum OperationStatement: String, SQLStatement {
    case note = """
        INSERT INTO operations (user_id, operation_id, result_id, created_ms) \
        VALUES ($1, $2, $3, $4) ON CONFLICT (user_id, operation_id) DO NOTHING
        """
    case result = """
        SELECT result_id FROM operations \
        WHERE user_id = $1 AND operation_id = $2 AND created_ms > $3
        """
    case oldest = """
        SELECT user_id, operation_id FROM operations WHERE created_ms <= $1 \
        ORDER BY created_ms LIMIT $2
        """
    case forget = "DELETE FROM operations WHERE user_id = $1 AND operation_id = $2"
}
