extension Migration {
    /// Operations keep the whole answer, and what was asked, instead of one id of a result: so one
    /// table serves every write. What was kept of `pattern.create` is carried over.
    static let answers = Migration(
        number: 7, name: "answers",
        script: """
            CREATE TABLE answered_operations (
                user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                operation_id BLOB NOT NULL CHECK (length(operation_id) = 16),
                request_sha256 BLOB CHECK (length(request_sha256) = 32),
                answer TEXT NOT NULL CHECK (json_valid(answer)),
                created_at INTEGER NOT NULL,
                PRIMARY KEY (user_id, operation_id)
            ) STRICT, WITHOUT ROWID;

            INSERT INTO answered_operations
            SELECT user_id, operation_id, NULL, json_object('pattern', lower(
                substr(hex(result_id), 1, 8) || '-' || substr(hex(result_id), 9, 4) || '-' ||
                substr(hex(result_id), 13, 4) || '-' || substr(hex(result_id), 17, 4) || '-' ||
                substr(hex(result_id), 21))), created_ms FROM operations;

            DROP TABLE operations;
            ALTER TABLE answered_operations RENAME TO operations;
            CREATE INDEX idx_operations_created_at ON operations (created_at);
            """)
}
