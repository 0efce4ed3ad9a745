extension Migration {
    /// Networks that an account was signed in from, as SHA-256; sessions in the order of their use.
    static let familiar = Migration(
        number: 9, name: "familiar networks",
        script: """
            CREATE TABLE familiar_networks (
                user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                network_sha256 BLOB NOT NULL CHECK (length(network_sha256) = 32),
                last_used_at INTEGER NOT NULL,
                PRIMARY KEY (user_id, network_sha256)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX idx_familiar_networks_user_id
                ON familiar_networks (user_id, last_used_at);

            DROP INDEX idx_sessions_user_id;
            CREATE INDEX idx_sessions_user_id ON sessions (user_id, last_used_at, id);
            """)
}
