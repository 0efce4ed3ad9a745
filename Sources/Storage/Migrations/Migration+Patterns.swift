extension Migration {
    /// Patterns. The seed's single-column indexes end in `created_at`, the order in which lists
    /// read them; that on `user_id` also ends in the id, which makes a page's bound exact.
    static let patterns = Migration(
        number: 2, name: "patterns",
        script: """
            CREATE TABLE patterns (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
                description TEXT CHECK (length(description) <= 5000),
                flavor TEXT NOT NULL CHECK (flavor IN ('Salsa', 'Merengue')),
                bpm INTEGER NOT NULL,
                key_note INTEGER NOT NULL,
                is_public INTEGER NOT NULL DEFAULT 1 CHECK (is_public IN (0, 1)),
                configuration TEXT NOT NULL CHECK (json_valid(configuration)),
                thumbnail_url TEXT CHECK (length(thumbnail_url) <= 2048),
                original_pattern_id BLOB REFERENCES patterns (id) ON DELETE SET NULL,
                play_count INTEGER NOT NULL DEFAULT 0 CHECK (play_count >= 0),
                like_count INTEGER NOT NULL DEFAULT 0 CHECK (like_count >= 0),
                comment_count INTEGER NOT NULL DEFAULT 0 CHECK (comment_count >= 0),
                fork_count INTEGER NOT NULL DEFAULT 0 CHECK (fork_count >= 0),
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                published_at INTEGER,
                deleted_at INTEGER,
                CONSTRAINT valid_bpm CHECK (bpm BETWEEN 80 AND 250),
                CONSTRAINT valid_key_note CHECK (key_note BETWEEN 0 AND 11)
            ) STRICT;
            CREATE INDEX idx_patterns_user_id ON patterns (user_id, created_at, id);
            CREATE INDEX idx_patterns_flavor ON patterns (flavor, created_at);
            CREATE INDEX idx_patterns_is_public ON patterns (is_public, created_at);
            CREATE INDEX idx_patterns_created_at ON patterns (created_at);
            CREATE INDEX idx_patterns_play_count ON patterns (play_count);
            CREATE INDEX idx_patterns_like_count ON patterns (like_count);
            CREATE INDEX idx_patterns_original_pattern_id ON patterns (original_pattern_id);
            """)
}
