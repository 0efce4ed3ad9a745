import Model
import Storage
import Testing

/// What discovery reads, beside the rows that it is about.
@Suite struct PatternSearchTests {
    private let house: House

    init() throws {
        house = try House(rooms: 0)
    }

    private static let configuration = #"""
        {"instruments":[{"id":"clave","enabled":true},{"id":"guiro","enabled":false},
        {"id":"kickdrum","enabled":true}],"machines":{}}
        """#

    private func insert(
        _ number: UInt64, title: String, description: String? = nil, isPublic: Bool = true
    ) throws {
        var pattern = Samples.pattern(number, owner: 1)
        pattern.content = Samples.content(title)
        pattern.content.description = description
        pattern.content.configuration = Self.configuration
        pattern.isPublic = isPublic
        try house.database.write { try PatternStore($0).insert(pattern) }
    }

    private func change(_ sql: String, _ number: UInt64) throws {
        try house.database.write { connection in
            try connection.execute(AnySQL(sql), [.identifier(Samples.id(number))])
            try PatternSearchStore(connection).show(Samples.id(number))
        }
    }

    private func found(
        _ text: String, _ place: SearchText.Place = .anywhere
    ) throws -> [UInt64] {
        guard let text = SearchText(text) else { return [] }
        return try house.database.read {
            try DiscoverStore($0).newestMatches(
                text, place, completing: true, SearchFilter(), below: .max, limit: 100)
        }.map { $0.pattern.low & 0xFFFF }
    }

    private func newest(_ filter: SearchFilter = SearchFilter()) throws -> [UInt64] {
        try house.database.read {
            try DiscoverStore($0).newest(filter, below: .max, limit: 100)
        }.found.map { $0.pattern.low & 0xFFFF }
    }

    @Test func accentsAndCaseDoNotMatter() throws {
        try insert(100, title: "El Güiro de Ponce")
        try insert(101, title: "Montuno", description: "con GUIRO y ñ")
        for word in ["guiro", "Güiro", "GÜIRO", "gu\u{308}iro", "gui"] {
            #expect(try found(word) == [101, 100], "\(word)")
        }
        #expect(try found("n") == [101])
        #expect(try found("guiro", .title) == [100])
        #expect(try found("guiro", .elsewhere) == [101])
        #expect(try found("ponce güi") == [100])
        #expect(try found("iro").isEmpty, "the beginning of a word, not its end")
        #expect(try found("ana 1") == [101, 100], "the owner's name")
    }

    @Test(arguments: [
        "\"", "\" OR *", "NEAR(", "title:son", "son\" OR title:\"", "^son", "son*", "-son", "(son",
        "son AND", "{title}: son", "son'; DROP TABLE patterns; --", "\u{0}son", "𝄞 son",
    ]) func nothingThatIsTypedIsSyntax(_ text: String) throws {
        try insert(100, title: "Son or and drop table patterns title near")
        #expect(throws: Never.self) { try found(text) }
    }

    @Test func wordsAreOneToSix() {
        #expect(SearchText("") == nil)
        #expect(SearchText(" *!\" 🥁 ") == nil)
        #expect(SearchText("a b c d e f") != nil)
        #expect(SearchText("a b c d e f g") == nil)
    }

    @Test func filtersByEachColumn() throws {
        try insert(100, title: "Son")
        let all = SearchFilter(
            flavor: .salsa, bpm: 180...180, keyNote: 0, instruments: [.init(.clave)],
            owner: Samples.id(1))
        #expect(try newest(all) == [100])
        #expect(try newest(SearchFilter(flavor: .merengue)).isEmpty)
        #expect(try newest(SearchFilter(bpm: 181...250)).isEmpty)
        #expect(try newest(SearchFilter(keyNote: 1)).isEmpty)
        #expect(try newest(SearchFilter(instruments: [.init(.guiro)])).isEmpty, "it is off")
        #expect(try newest(SearchFilter(instruments: [.init(.clave), .init(.bass)])).isEmpty)
        #expect(try newest(SearchFilter(owner: Samples.id(2))).isEmpty)
    }

    @Test func showsWhatTheRowShows() throws {
        try insert(100, title: "Son", isPublic: false)
        #expect(try newest().isEmpty && found("son").isEmpty)
        try change("UPDATE patterns SET is_public = 1, published_at = 5 WHERE id = $1", 100)
        try insert(101, title: "Son")
        #expect(try newest() == [101, 100])
        try change("UPDATE patterns SET deleted_at = 5 WHERE id = $1", 100)
        #expect(try newest() == [101] && found("son") == [101])
        try change("UPDATE patterns SET deleted_at = NULL WHERE id = $1", 100)
        #expect(try newest() == [101, 100], "restored: where it was")
        try change("UPDATE patterns SET is_public = 0, published_at = NULL WHERE id = $1", 100)
        #expect(try newest() == [101])
        try change("UPDATE patterns SET is_public = 1, published_at = 9 WHERE id = $1", 100)
        #expect(try newest() == [100, 101], "published again: new")
        try change("UPDATE patterns SET title = 'Danzón' WHERE id = $1", 100)
        #expect(try found("son") == [101] && found("danzon") == [100])
        try house.database.write { connection in
            try connection.execute(
                AnySQL("UPDATE users SET display_name = 'Celia' WHERE id = $1"),
                [.identifier(Samples.id(1))])
            try PatternSearchStore(connection).showAll(of: Samples.id(1))
        }
        #expect(try found("celia") == [100, 101] && found("ana").isEmpty)
    }

    @Test func wordsOfAPatternThatIsGoneAreDeleted() throws {
        try insert(100, title: "Son")
        _ = try house.database.write {
            try $0.execute(
                AnySQL("DELETE FROM patterns WHERE id = $1"), [.identifier(Samples.id(100))])
        }
        #expect(try newest().isEmpty && found("son").isEmpty)
        try insert(101, title: "Rumba")
        let rows = try house.database.read {
            try $0.integer("SELECT count(*) FROM pattern_text WHERE pattern_text MATCH 'son'")
        }
        #expect(rows == 0)
        #expect(try newest() == [101] && found("rumba") == [101])
    }

    @Test func theMigrationListsWhatIsThere() throws {
        let folder = try TemporaryFolder()
        let database = try SQLiteDatabase(path: folder.path + "/database.sqlite")
        try Migrator.migrate(database, nowMs: 1, migrations: Array(Migration.all.prefix(9)))
        let insert = """
            INSERT INTO patterns (id, user_id, title, flavor, bpm, key_note, is_public, \
            configuration, created_at, updated_at, published_at, deleted_at) \
            VALUES ($1, $2, $3, 'Salsa', 180, 0, $4, $5, $6, $6, $7, $8)
            """
        let all = InstrumentID.allCases.map { #"{"id":"\#($0.rawValue)","enabled":true}"# }
        try database.write { connection in
            try UserStore(connection).insert(Samples.user(1), preferences: Samples.preferences(1))
            for (number, isPublic, published, deleted) in [
                (100, true, 3, nil), (101, true, nil, nil), (102, false, nil, nil),
                (103, true, 4, 9),
            ] as [(UInt64, Bool, Int64?, Int64?)] {
                try connection.execute(
                    AnySQL(insert),
                    [
                        .identifier(Samples.id(number)), .identifier(Samples.id(1)),
                        .text("Güiro \(number)"), .boolean(isPublic),
                        .text(#"{"instruments":[\#(all.joined(separator: ","))]}"#),
                        .integer(2), .integer(published), .integer(deleted),
                    ])
            }
        }
        try Migrator.migrate(database, nowMs: 1)
        let every = SearchInstruments(InstrumentID.allCases.map { SearchInstruments($0) })
        try database.write { connection in
            let store = DiscoverStore(connection)
            for round in 0..<2 {
                let piece = try store.newest(
                    SearchFilter(instruments: every), below: .max, limit: 10)
                #expect(piece.found.map { $0.pattern.low & 0xFFF } == [100, 101], "\(round)")
                let text = try #require(SearchText("guiro"))
                #expect(
                    try store.matches(
                        text, completing: false, SearchFilter(), below: .max, limit: 10
                    ).found.map(\.number) == piece.found.map(\.number))
                // The migration and the store agree: nothing moves.
                for number in UInt64(100)...103 {
                    try PatternSearchStore(connection).show(Samples.id(number))
                }
            }
        }
    }

    @Test func eachRowComesOnceWhileRowsAreAdded() throws {
        for number in UInt64(100)..<150 { try insert(number, title: "Son") }
        var (bound, seen): (Int64, [UInt64]) = (.max, [])
        var next = UInt64(150)
        while true {
            let piece = try house.database.read {
                try DiscoverStore($0).newest(SearchFilter(), below: bound, limit: 7)
            }
            seen += piece.found.map { $0.pattern.low & 0xFFFF }
            try insert(next, title: "Son")
            next += 1
            guard let end = piece.next else { break }
            bound = end
        }
        #expect(seen == (100..<150).reversed())
    }

    @Test func aRareFilterReadsABoundedNumberOfRows() throws {
        let rows = DiscoverStore.scannedNumbersMax + 100
        try insert(100, title: "Son")
        _ = try house.database.write { connection in
            try connection.execute(
                AnySQL(
                    """
                    WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
                    INSERT INTO pattern_search (number, user_id, is_listed, flavor, bpm, \
                    key_note, instruments, listed_at) \
                    SELECT i, $2, 1, 'Merengue', 200, 0, 0, 0 FROM n
                    """), [.integer(rows), .identifier(Samples.id(1))])
        }
        try house.database.read { connection in
            let store = DiscoverStore(connection)
            let filter = SearchFilter(flavor: .salsa)
            let first = try store.newest(filter, below: .max, limit: 5)
            #expect(first.found.isEmpty && first.next == rows + 1 - DiscoverStore.scannedNumbersMax)
            let second = try store.newest(filter, below: try #require(first.next), limit: 5)
            #expect(second.found.map(\.number) == [1] && second.next == nil)
        }
    }
}
