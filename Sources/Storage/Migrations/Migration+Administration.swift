extension Migration {
    /// What an administrator removed, its owner cannot restore; and whom somebody blocked is
    /// listed newest first, like everything.
    static let administration = Migration(
        number: 8, name: "administration",
        script: """
            ALTER TABLE patterns ADD COLUMN removed_at INTEGER;
            CREATE INDEX idx_blocks_blocker_id ON blocks (blocker_id, created_at, blocked_id);
            """)
}
