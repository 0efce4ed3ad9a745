extension Migration {
    /// Writes that were done already, so that a retry after a timeout happens once; and which rooms
    /// the `patterns` rows lag behind, which a start after a crash asks for.
    static let operations = Migration(
        number: 4, name: "operations",
        script: """
            CREATE TABLE operations (
                user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                operation_id BLOB NOT NULL CHECK (length(operation_id) = 16),
                result_id BLOB NOT NULL CHECK (length(result_id) = 16),
                created_ms INTEGER NOT NULL,
                PRIMARY KEY (user_id, operation_id)
            ) STRICT, WITHOUT ROWID;

            CREATE INDEX idx_operations_created_ms ON operations (created_ms);

            CREATE INDEX idx_rooms_stale ON rooms (pattern_id) WHERE row_number < number;
            """)
}
