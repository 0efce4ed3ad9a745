enum HistoryStatement: String, SQLStatement {
    case insert = """
        INSERT INTO history (pattern_id, first_number, number, user_id, edit_count, paths, \
        first_ms, last_ms, document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """
    case addBytes = """
        INSERT INTO history_heads (pattern_id, bytes) VALUES ($1, $2) \
        ON CONFLICT (pattern_id) DO UPDATE SET bytes = history_heads.bytes + excluded.bytes
        """
    case setBytes = "UPDATE history_heads SET bytes = $1 WHERE pattern_id = $2"
    case bytes = "SELECT bytes FROM history_heads WHERE pattern_id = $1"
    case lastNumber = """
        SELECT number FROM history WHERE pattern_id = $1 \
        ORDER BY number DESC, first_number DESC LIMIT 1
        """
    case oldest = """
        SELECT first_number, last_ms, length(document) FROM history WHERE pattern_id = $1 \
        ORDER BY first_number LIMIT $2
        """
    case delete = "DELETE FROM history WHERE pattern_id = $1 AND first_number = $2"
    case page = """
        SELECT h.first_number, h.number, h.user_id, h.edit_count, h.paths, h.first_ms, \
        h.last_ms, u.display_name FROM history h \
        LEFT JOIN users u ON u.id = h.user_id AND u.deleted_at IS NULL \
        WHERE h.pattern_id = $1 AND h.first_number < $2 \
        ORDER BY h.first_number DESC LIMIT $3
        """
    case document = """
        SELECT document FROM history WHERE pattern_id = $1 AND number = $2 \
        ORDER BY first_number DESC LIMIT 1
        """
}

enum VersionStatement: String, SQLStatement {
    case insert = """
        INSERT INTO versions (id, pattern_id, name, number, document, created_by, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """
    case find = """
        SELECT id, pattern_id, name, number, created_by, created_at FROM versions WHERE id = $1
        """
    case all = """
        SELECT id, pattern_id, name, number, created_by, created_at FROM versions \
        WHERE pattern_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2
        """
    case document = "SELECT document FROM versions WHERE id = $1"
    case rename = "UPDATE versions SET name = $1 WHERE id = $2"
    case delete = "DELETE FROM versions WHERE id = $1"
}
