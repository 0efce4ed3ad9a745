extension Migration {
    /// The inbox as a sequence of events. Nothing has written to the table of the same name that
    /// was made earlier.
    ///
    /// Notices are events too, and keep what they are now (`read_at`, `retracted_at`); `notice` is
    /// the number of the notice that an event is about, its own for a notice. `unread_count` is
    /// that after the event, so that a replay tells what was told.
    static let inbox = Migration(
        number: 11, name: "inbox",
        script: """
            DROP TABLE inbox;
            CREATE TABLE inbox (
                user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                number INTEGER NOT NULL CHECK (number >= 1),
                event TEXT NOT NULL CHECK
                    (event IN ('notice', 'restored', 'retracted', 'read', 'expired')),
                kind TEXT CHECK (kind IN ('like', 'comment', 'reply', 'mention', 'fork', 'follow',
                    'invitation', 'joined', 'role')),
                actor_id BLOB CHECK (length(actor_id) = 16),
                pattern_id BLOB CHECK (length(pattern_id) = 16),
                comment_id BLOB CHECK (length(comment_id) = 16),
                fork_id BLOB CHECK (length(fork_id) = 16),
                role TEXT CHECK (role IN ('viewer', 'editor')),
                notice INTEGER CHECK (notice BETWEEN 1 AND number),
                through INTEGER CHECK (through BETWEEN 0 AND number - 1),
                numbers TEXT CHECK (numbers IS NULL OR json_valid(numbers)),
                unread_count INTEGER NOT NULL CHECK (unread_count >= 0),
                restores INTEGER NOT NULL DEFAULT 0 CHECK (restores >= 0),
                created_at INTEGER NOT NULL,
                read_at INTEGER,
                retracted_at INTEGER,
                PRIMARY KEY (user_id, number),
                CONSTRAINT notice_has_a_kind CHECK (event != 'notice' OR kind IS NOT NULL),
                CONSTRAINT notice_is_its_own
                    CHECK ((event = 'notice') = (notice IS NOT NULL AND notice = number)),
                CONSTRAINT expired_says_through
                    CHECK (event != 'expired' OR through IS NOT NULL)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX idx_inbox_actor_id
                ON inbox (user_id, actor_id, kind, pattern_id, number) WHERE event = 'notice';
            CREATE INDEX idx_inbox_pattern_id
                ON inbox (pattern_id, user_id, kind, number) WHERE event = 'notice';
            CREATE INDEX idx_inbox_comment_id ON inbox (comment_id) WHERE event = 'notice';
            CREATE INDEX idx_inbox_unread ON inbox (user_id, number)
                WHERE event = 'notice' AND read_at IS NULL AND retracted_at IS NULL;

            ALTER TABLE inbox_heads ADD COLUMN digested_number INTEGER NOT NULL DEFAULT 0
                CHECK (digested_number >= 0);
            ALTER TABLE inbox_heads ADD COLUMN digested_at INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE inbox_heads ADD COLUMN digest_due_at INTEGER;
            CREATE INDEX idx_inbox_heads_digest_due_at ON inbox_heads (digest_due_at)
                WHERE digest_due_at IS NOT NULL;

            CREATE TABLE silenced_kinds (
                user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                kind TEXT NOT NULL CHECK (kind IN ('like', 'comment', 'reply', 'mention', 'fork',
                    'follow', 'invitation', 'joined', 'role')),
                PRIMARY KEY (user_id, kind)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE muted_patterns (
                user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                pattern_id BLOB NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
                created_at INTEGER NOT NULL,
                PRIMARY KEY (user_id, pattern_id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX idx_muted_patterns_pattern_id ON muted_patterns (pattern_id);

            CREATE TABLE inbox_sweeps (
                pattern_id BLOB NOT NULL PRIMARY KEY CHECK (length(pattern_id) = 16),
                last_user_id BLOB NOT NULL CHECK (length(last_user_id) = 16)
            ) STRICT, WITHOUT ROWID;

            CREATE INDEX idx_users_display_name ON users (lower(display_name));
            """)
}
