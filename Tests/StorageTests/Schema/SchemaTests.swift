import Model
import SourceFiles
import Storage
import Testing

/// `Protocol/schema.md` beside a database that the server made.
@Suite("schema.md") struct SchemaTests {
    /// The seed's tables with their columns.
    static let seed: [String: String] = [
        "users": """
            id email password_hash display_name avatar_url bio oauth_provider oauth_id \
            email_verified is_active is_admin created_at updated_at last_login_at
            """,
        "user_preferences": """
            id user_id default_bpm default_key_note default_flavor use_glass_ui auto_play \
            show_beat_numbers default_volume theme language notifications_enabled \
            email_notifications created_at updated_at
            """,
        "sessions": "id user_id token ip_address user_agent expires_at created_at last_used_at",
        "patterns": """
            id user_id title description flavor bpm key_note is_public configuration \
            thumbnail_url original_pattern_id play_count like_count comment_count fork_count \
            created_at updated_at published_at
            """,
        "likes": "id user_id pattern_id created_at",
        "comments": "id user_id pattern_id text parent_comment_id is_edited created_at updated_at",
        "follows": "id follower_id following_id created_at",
        "activities":
            "id user_id activity_type pattern_id target_user_id metadata created_at",
        "analytics": """
            id metric_type metric_key metric_value time_period aggregation_level created_at
            """,
    ]

    private let house: House
    private let page: [MarkdownTable]

    init() throws {
        house = try House(rooms: 0)
        page = MarkdownTable.all(in: try Repository.text("Protocol/schema.md"))
    }

    private func tables(_ column: String) -> [MarkdownTable] {
        page.filter { $0.columns.contains(column) }
    }

    private func code(_ cell: String) -> String { MarkdownTable.codes(in: cell).first ?? cell }

    @Test("has every table and column of the seed, and each of ours as it is")
    func columns() throws {
        let sections = tables("its type")
        #expect(Set(sections.map(\.section)) == Set(Self.seed.keys))
        for table in sections {
            let seed = table.cells("seed").map(code).filter { $0 != "-" }
            #expect(seed == Self.seed[table.section]?.split(separator: " ").map(String.init))
            let columns = try house.database.read {
                try $0.texts(
                    """
                    SELECT name || ' ' || type || iif("notnull", ' NOT NULL', '') || \
                    coalesce(' DEFAULT ' || dflt_value, '') FROM pragma_table_info($1)
                    """, [.text(table.section)])
            }
            #expect(Set(table.cells("here").map(code)) == Set(columns), "\(table.section)")
        }
    }

    @Test("names the index that serves each of the seed's")
    func indexes() throws {
        for table in tables("seed index") {
            for (seed, here) in zip(table.cells("on"), table.cells("here")).map({
                (code($0), code($1))
            }) {
                let parts = here.split(separator: " (")
                let columns = try house.database.read {
                    try $0.texts(
                        """
                        SELECT (SELECT group_concat(name, ', ') FROM \
                        (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) \
                        FROM pragma_index_list($1) i \
                        WHERE i.name = $2 OR ($2 = 'UNIQUE' AND i.origin = 'u')
                        """, [.text(table.section), .text(String(parts[0]))])
                }
                #expect(columns.contains { $0 + ")" == parts[1] }, "\(table.section): \(here)")
                let first = seed.split(whereSeparator: { ", ".contains($0) })[0]
                #expect(
                    parts[1].hasPrefix(first) || ["email", "token"].contains(first),
                    "\(table.section): \(here)")
            }
        }
    }

    @Test("lists every table of ours")
    func ownTables() throws {
        let own = try #require(page.first { $0.columns == ["table", "what for"] })
        let names = try house.database.read {
            try $0.texts(
                """
                SELECT name FROM sqlite_master \
                WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
                AND name NOT LIKE 'pattern\\_text\\_%' ESCAPE '\\'
                """)
        }
        #expect(Set(own.cells("table").map(code)).union(Self.seed.keys) == Set(names))
    }

    // MARK: - Rules

    /// Two users with all that a user may have.
    private static let rows = [
        """
        INSERT INTO users (id, email, email_normalised, display_name, created_at, updated_at) \
        VALUES (:ana, 'Ana@example.org', 'ana@example.org', 'Ana', 1, 1), \
        (:ben, 'ben@example.org', 'ben@example.org', 'Ben', 1, 1)
        """,
        """
        INSERT INTO user_preferences (id, user_id, created_at, updated_at) \
        VALUES (:p1, :ana, 1, 1), (:p2, :ben, 1, 1)
        """,
        """
        INSERT INTO sessions (id, user_id, token_sha256, expires_at, created_at, last_used_at) \
        VALUES (:s1, :ana, randomblob(32), 9, 1, 1), (:s2, :ben, randomblob(32), 9, 1, 1)
        """,
        """
        INSERT INTO patterns (id, user_id, title, flavor, bpm, key_note, configuration, \
        created_at, updated_at) VALUES (:pattern, :ana, 'Son', 'Salsa', 180, 0, '{}', 1, 1)
        """,
        """
        INSERT INTO patterns (id, user_id, title, flavor, bpm, key_note, configuration, \
        original_pattern_id, created_at, updated_at) \
        VALUES (:fork, :ben, 'Son', 'Salsa', 180, 0, '{}', :pattern, 1, 1)
        """,
        "INSERT INTO likes VALUES (:like, :ben, :pattern, 1)",
        """
        INSERT INTO comments (id, user_id, pattern_id, text, created_at, updated_at) \
        VALUES (:comment, :ben, :pattern, '¡Wepa!', 1, 1)
        """,
        "INSERT INTO follows VALUES (:follow, :ben, :ana, 1)",
        """
        INSERT INTO activities (id, user_id, activity_type, pattern_id, created_at) \
        VALUES (:activity, :ben, 'pattern_liked', :pattern, 1)
        """,
        "INSERT INTO analytics VALUES (:entry, 'key_usage', 'key_0', 1, '2026-11-24', 'daily', 1)",
    ]

    private static let names = [
        ":ana", ":ben", ":p1", ":p2", ":s1", ":s2", ":pattern", ":fork", ":like", ":comment",
        ":follow", ":activity", ":entry", ":nobody", ":new",
    ]

    private func sql(_ text: String) -> AnySQL {
        var text = text
        // The longest first: one may begin another.
        for name in Self.names.sorted(by: { $0.count > $1.count }) {
            let number = Self.names.firstIndex(of: name)! + 100
            let id = Hexadecimal.text(Samples.id(UInt64(number)).bytes)
            text = text.replacing(name, with: "x'\(id)'")
        }
        return AnySQL(text)
    }

    private func fill() throws {
        try house.database.write { connection in
            for row in Self.rows { try connection.execute(sql(row), []) }
        }
    }

    @Test("every rule is broken by a test, and the database refuses")
    func rules() throws {
        try fill()
        let table = try #require(page.first { $0.columns.contains("rule") })
        let rules = zip(table.cells("rule").map(code), table.cells("kind"))
        #expect(Set(rules.map(\.0)) == Set(BrokenRules.statements.keys))
        for (rule, kind) in rules {
            for statement in BrokenRules.statements[rule] ?? [] {
                do {
                    try house.database.write { _ = try $0.execute(sql(statement), []) }
                    Issue.record("\(rule): the database took \(statement)")
                } catch DatabaseError.constraint(let refusal, let detail) {
                    #expect("\(refusal)" == kind, "\(rule): \(detail)")
                }
            }
        }
    }

    @Test("what is deleted takes along what the seed says, and no more")
    func cascades() throws {
        try fill()
        func count(_ table: String) throws -> Int64? {
            try house.database.read { try $0.integer("SELECT COUNT(*) FROM \(table)") }
        }
        try house.database.write { connection in
            _ = try connection.execute(sql("DELETE FROM patterns WHERE id = :pattern"), [])
        }
        #expect(try count("patterns WHERE original_pattern_id IS NULL") == 1)
        #expect(try count("likes") == 0)
        #expect(try count("comments") == 0)
        #expect(try count("activities") == 1, "kept for 90 days")
        try house.database.write { connection in
            _ = try connection.execute(sql("DELETE FROM users WHERE id = :ben"), [])
        }
        for table in ["user_preferences WHERE user_id != x'00'", "sessions"] {
            #expect(try count(table) == (table == "sessions" ? 1 : 2), "\(table)")
        }
        for table in ["patterns", "follows", "activities"] { #expect(try count(table) == 0) }
        #expect(try count("analytics") == 1)
    }
}
