extension Migration {
    /// Secrets that were mailed, what was tried too often, who was sent away, and what
    /// administrators did. Secrets are kept as SHA-256 only, and all of them expire.
    static let security = Migration(
        number: 6, name: "security",
        script: """
            ALTER TABLE users ADD COLUMN banned_at INTEGER;

            CREATE TABLE account_secrets (
                secret_sha256 BLOB NOT NULL PRIMARY KEY CHECK (length(secret_sha256) = 32),
                user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                purpose TEXT NOT NULL CHECK (purpose IN
                    ('verify_email', 'change_email', 'reset_password', 'unsubscribe')),
                email TEXT CHECK (length(email) BETWEEN 3 AND 255),
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX idx_account_secrets_user_id ON account_secrets (user_id, purpose);
            CREATE INDEX idx_account_secrets_expires_at ON account_secrets (expires_at);

            CREATE TABLE used_nonces (
                nonce_sha256 BLOB NOT NULL PRIMARY KEY CHECK (length(nonce_sha256) = 32),
                expires_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX idx_used_nonces_expires_at ON used_nonces (expires_at);

            CREATE TABLE throttles (
                subject_sha256 BLOB NOT NULL PRIMARY KEY CHECK (length(subject_sha256) = 32),
                failures INTEGER NOT NULL CHECK (failures >= 1),
                last_failure_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX idx_throttles_last_failure_at ON throttles (last_failure_at);

            CREATE TABLE mails (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                recipient TEXT NOT NULL CHECK (length(recipient) BETWEEN 3 AND 255),
                subject TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
                body TEXT NOT NULL CHECK (length(body) BETWEEN 1 AND 100000),
                unsubscribe_url TEXT CHECK (length(unsubscribe_url) <= 2048),
                attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
                next_attempt_at INTEGER NOT NULL,
                created_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX idx_mails_next_attempt_at ON mails (next_attempt_at, id);

            CREATE TABLE administration_log (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                administrator_id BLOB CHECK (length(administrator_id) = 16),
                action TEXT NOT NULL CHECK (length(action) BETWEEN 1 AND 50),
                target_id BLOB CHECK (length(target_id) = 16),
                detail TEXT CHECK (detail IS NULL OR json_valid(detail)),
                created_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX idx_administration_log_created_at ON administration_log (created_at, id);
            """)
}
