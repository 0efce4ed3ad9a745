extension Migration {
    /// Users, their preferences, their sign-ins, and numbers about the database.
    ///
    /// The seed's index on `email` is the UNIQUE on `email_normalised`: two spellings of one
    /// address are one account. Booleans are 0 or 1.
    static let accounts = Migration(
        number: 1, name: "accounts",
        script: """
            CREATE TABLE meta (
                key TEXT NOT NULL PRIMARY KEY,
                value INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE users (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                email TEXT NOT NULL CHECK (length(email) BETWEEN 3 AND 255),
                email_normalised TEXT NOT NULL UNIQUE
                    CHECK (length(email_normalised) BETWEEN 3 AND 255),
                password_hash TEXT CHECK (length(password_hash) BETWEEN 1 AND 255),
                display_name TEXT NOT NULL CHECK (length(display_name) BETWEEN 1 AND 100),
                avatar_url TEXT CHECK (length(avatar_url) <= 2048),
                bio TEXT CHECK (length(bio) <= 2000),
                oauth_provider TEXT CHECK (oauth_provider IN ('google', 'facebook', 'apple')),
                oauth_id TEXT CHECK (length(oauth_id) BETWEEN 1 AND 255),
                email_verified INTEGER NOT NULL DEFAULT 0 CHECK (email_verified IN (0, 1)),
                is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
                is_admin INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1)),
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                last_login_at INTEGER,
                deleted_at INTEGER,
                CONSTRAINT unique_oauth UNIQUE (oauth_provider, oauth_id),
                CONSTRAINT whole_oauth CHECK ((oauth_provider IS NULL) = (oauth_id IS NULL))
            ) STRICT;
            CREATE INDEX idx_users_created_at ON users (created_at);

            CREATE TABLE user_preferences (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                user_id BLOB NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
                default_bpm INTEGER NOT NULL DEFAULT 120
                    CHECK (default_bpm BETWEEN 80 AND 250),
                default_key_note INTEGER NOT NULL DEFAULT 0
                    CHECK (default_key_note BETWEEN 0 AND 11),
                default_flavor TEXT NOT NULL DEFAULT 'Salsa'
                    CHECK (default_flavor IN ('Salsa', 'Merengue')),
                use_glass_ui INTEGER NOT NULL DEFAULT 1 CHECK (use_glass_ui IN (0, 1)),
                auto_play INTEGER NOT NULL DEFAULT 0 CHECK (auto_play IN (0, 1)),
                show_beat_numbers INTEGER NOT NULL DEFAULT 1
                    CHECK (show_beat_numbers IN (0, 1)),
                default_volume REAL NOT NULL DEFAULT 1.0
                    CHECK (default_volume BETWEEN 0 AND 1),
                theme TEXT NOT NULL DEFAULT 'light' CHECK (theme IN ('light', 'dark', 'auto')),
                language TEXT NOT NULL DEFAULT 'en' CHECK (length(language) BETWEEN 2 AND 10),
                notifications_enabled INTEGER NOT NULL DEFAULT 1
                    CHECK (notifications_enabled IN (0, 1)),
                email_notifications INTEGER NOT NULL DEFAULT 1
                    CHECK (email_notifications IN (0, 1)),
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE sessions (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                token_sha256 BLOB NOT NULL UNIQUE CHECK (length(token_sha256) = 32),
                ip_address TEXT CHECK (length(ip_address) <= 45),
                user_agent TEXT CHECK (length(user_agent) <= 512),
                expires_at INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                last_used_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX idx_sessions_user_id ON sessions (user_id);
            CREATE INDEX idx_sessions_expires_at ON sessions (expires_at);
            """)
}
