extension Migration {
    /// What was done to patterns, apart from the log that clients resume from, and named versions.
    ///
    /// An entry outlives its author's account, so `user_id` refers to nothing. What the entries of
    /// a room take is counted beside them: a sum over all of them would be needed for each.
    static let history = Migration(
        number: 12, name: "history",
        script: """
            CREATE TABLE history (
                pattern_id BLOB NOT NULL REFERENCES rooms (pattern_id) ON DELETE CASCADE,
                first_number INTEGER NOT NULL CHECK (first_number >= 0),
                number INTEGER NOT NULL CHECK (number >= first_number),
                user_id BLOB CHECK (length(user_id) = 16),
                edit_count INTEGER NOT NULL CHECK (edit_count >= 0),
                paths TEXT NOT NULL CHECK (json_valid(paths)),
                first_ms INTEGER NOT NULL,
                last_ms INTEGER NOT NULL,
                document BLOB NOT NULL CHECK (length(document) > 0),
                PRIMARY KEY (pattern_id, first_number)
            ) STRICT;
            CREATE INDEX idx_history_number ON history (pattern_id, number, first_number);

            CREATE TABLE history_heads (
                pattern_id BLOB NOT NULL PRIMARY KEY
                    REFERENCES rooms (pattern_id) ON DELETE CASCADE,
                bytes INTEGER NOT NULL CHECK (bytes >= 0)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE versions (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                pattern_id BLOB NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
                name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
                number INTEGER NOT NULL CHECK (number >= 0),
                document BLOB NOT NULL CHECK (length(document) > 0),
                created_by BLOB REFERENCES users (id) ON DELETE SET NULL,
                created_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX idx_versions_pattern_id ON versions (pattern_id, created_at, id);
            CREATE INDEX idx_versions_created_by ON versions (created_by);
            """)
}
