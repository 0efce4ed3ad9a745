package import Model

enum NoticeSettingStatement: String, SQLStatement {
    case isWanted = """
        SELECT p.notifications_enabled \
        AND NOT EXISTS (SELECT 1 FROM silenced_kinds s WHERE s.user_id = p.user_id \
        AND s.kind = $1) \
        AND NOT EXISTS (SELECT 1 FROM muted_patterns m WHERE m.user_id = p.user_id \
        AND m.pattern_id = $2) FROM user_preferences p WHERE p.user_id = $3
        """
    case silenced = "SELECT kind FROM silenced_kinds WHERE user_id = $1 ORDER BY kind"
    case silence = """
        INSERT INTO silenced_kinds (user_id, kind) VALUES ($1, $2) \
        ON CONFLICT (user_id, kind) DO NOTHING
        """
    case unsilence = "DELETE FROM silenced_kinds WHERE user_id = $1 AND kind = $2"
    case muted = """
        SELECT pattern_id FROM muted_patterns WHERE user_id = $1 ORDER BY pattern_id LIMIT $2
        """
    case mutedCount = "SELECT COUNT(*) FROM muted_patterns WHERE user_id = $1"
    case mute = """
        INSERT INTO muted_patterns (user_id, pattern_id, created_at) VALUES ($1, $2, $3) \
        ON CONFLICT (user_id, pattern_id) DO NOTHING
        """
    case unmute = "DELETE FROM muted_patterns WHERE user_id = $1 AND pattern_id = $2"
}

/// What people want to be told. `Protocol/notifications.md#settings`.
package struct NoticeSettingStore {
    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Whether somebody wants notices of this kind, about this pattern, and notices at all.
    package func wants(
        _ kind: NoticeKind, about pattern: Identifier?, _ user: Identifier
    ) throws(DatabaseError) -> Bool {
        try connection.first(
            NoticeSettingStatement.isWanted,
            [.text(kind.rawValue), .identifier(pattern), .identifier(user)]
        ) { (row) throws(DatabaseError) in try row.boolean(0) } ?? true
    }

    package func silenced(of user: Identifier) throws(DatabaseError) -> Set<NoticeKind> {
        Set(
            try connection.rows(NoticeSettingStatement.silenced, [.identifier(user)]) {
                (row) throws(DatabaseError) in try row.text(0)
            }.compactMap(NoticeKind.init))
    }

    package func set(
        _ kind: NoticeKind, isSilenced: Bool, of user: Identifier
    ) throws(DatabaseError) {
        try connection.execute(
            isSilenced ? NoticeSettingStatement.silence : .unsilence,
            [.identifier(user), .text(kind.rawValue)])
    }

    /// At most `Limits.mutedPatternsMax`.
    package func muted(of user: Identifier) throws(DatabaseError) -> [Identifier] {
        try connection.rows(
            NoticeSettingStatement.muted,
            [.identifier(user), .integer(Int64(Limits.mutedPatternsMax))]
        ) { (row) throws(DatabaseError) in try row.identifier(0) }
    }

    package func mutedCount(of user: Identifier) throws(DatabaseError) -> Int64 {
        try connection.first(NoticeSettingStatement.mutedCount, [.identifier(user)]) {
            (row) throws(DatabaseError) in try row.integer(0)
        } ?? 0
    }

    package func mute(
        _ pattern: Identifier, of user: Identifier, nowMs: Int64
    ) throws(DatabaseError) {
        try connection.execute(
            NoticeSettingStatement.mute,
            [.identifier(user), .identifier(pattern), .integer(nowMs)])
    }

    package func unmute(
        _ pattern: Identifier, of user: Identifier
    ) throws(DatabaseError) {
        try connection.execute(
            NoticeSettingStatement.unmute, [.identifier(user), .identifier(pattern)])
    }
}
