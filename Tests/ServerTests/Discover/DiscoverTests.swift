import Model
import Storage
import Testing
import Wire

@testable import Server

@Suite struct DiscoverTests {
    private let house: House
    private let cursors: SignedCursor

    /// Ana (1) has the patterns 100 ..< 110; Ben (5) has none, and looks.
    init() throws {
        house = try House(rooms: 10)
        cursors = SignedCursor(
            keys: try CursorKeys(directory: house.directory, nowMs: House.nowMs))
        try house.database.write { connection in
            try UserStore(connection).insert(
                UserRecord(
                    id: Self.ben, email: "ben@example.org", emailNormalised: "ben@example.org",
                    passwordHash: nil, displayName: "Ben", createdMs: House.nowMs),
                preferences: PreferencesRecord(
                    id: House.id(6), user: Self.ben, createdMs: House.nowMs))
        }
    }

    private static let ben = House.id(5)

    private func execute(_ sql: String, _ values: [Value] = []) throws {
        _ = try house.database.write { try $0.execute(TestSQL(rawValue: sql), values) }
    }

    private func rankings(_ madeMs: Int64 = House.nowMs) throws -> Rankings {
        Rankings(
            first: try house.database.read { try RankingBuild.ranking($0, nowMs: madeMs) })
    }

    private func ask(
        _ params: JSON.Object, _ rankings: Rankings? = nil, as user: Identifier? = nil
    ) throws -> (found: [UInt64], next: String?) {
        let query = try DiscoverPatterns(params, rankings: rankings ?? self.rankings())
        let answer = try house.database.read { connection in
            try query.answer(
                CallContext(
                    connection: connection,
                    origin: CallOrigin(
                        holder: user.map {
                            Peer.Holder(
                                session: House.id(9), user: $0, displayName: "Ben", isAdmin: false,
                                expiresMs: .max, lastUsedMs: House.nowMs)
                        }, nowMs: House.nowMs, epoch: 1, cursors: cursors)))
        }
        let found: [UInt64] = (answer["patterns"]?.array ?? []).compactMap { pattern -> UInt64? in
            guard let text = pattern["id"]?.string, let id = Identifier(text) else { return nil }
            return id.low & 0xFFFF
        }
        return (found, answer["next"]?.string)
    }

    private func all(
        _ params: JSON.Object, _ rankings: Rankings? = nil, between: () throws -> Void = {}
    ) throws -> [UInt64] {
        var (params, seen): (JSON.Object, [UInt64]) = (params, [])
        let rankings = try rankings ?? self.rankings()
        while true {
            let page = try ask(params, rankings)
            seen += page.found
            guard let next = page.next else { return seen }
            params["cursor"] = .string(next)
            try between()
        }
    }

    private static let newestFirst = Array((UInt64(100)..<110).reversed())

    @Test func newestGivesEachPatternOnceWhileSomeAreAdded() throws {
        var next: UInt64 = 200
        let seen = try all(["limit": 3]) {
            try house.database.write { try PatternStore($0).insert(House.pattern(next)) }
            next += 1
        }
        #expect(seen == Self.newestFirst)
        #expect(next > 202)
    }

    @Test func whomNobodyMayFindIsNotFound() throws {
        #expect(try all([:]) == Self.newestFirst)
        try execute("UPDATE users SET is_active = 0 WHERE display_name = 'Ana'")
        #expect(try all([:]).isEmpty)
        try execute("UPDATE users SET is_active = 1, deleted_at = 1 WHERE display_name = 'Ana'")
        #expect(try all([:]).isEmpty)
        try execute("UPDATE users SET deleted_at = NULL WHERE display_name = 'Ana'")
        #expect(try all([:]) == Self.newestFirst)
    }

    @Test(arguments: [true, false]) func blocksHideBothWays(_ isBlocker: Bool) throws {
        let pair: [Value] = [.identifier(Self.ben), .identifier(House.user)]
        try execute(
            "INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES ($1, $2, 1)",
            isBlocker ? pair : pair.reversed())
        for params: JSON.Object in [[:], ["text": "son"], ["owner": .string("\(House.user)")]] {
            #expect(try ask(params, as: Self.ben).found.isEmpty)
            #expect(try ask(params).found.count == 10)
        }
    }

    @Test func aRankedListGoesOnAsItBegan() throws {
        for number in UInt64(100)..<110 {
            try execute(
                "UPDATE patterns SET like_count = $1 WHERE id = $2",
                [.integer(Int64(number)), .identifier(House.id(number))])
        }
        let rankings = try rankings()
        let reader = Reader(database: house.database)
        let first = try ask(["sort": "mostLiked", "limit": 4], rankings)
        #expect(first.found == [109, 108, 107, 106])
        // The last is the first from now on.
        try execute(
            "UPDATE patterns SET like_count = 1000 WHERE id = $1", [.identifier(House.id(100))])
        rebuild(rankings, reader, after: rankings.newest.madeMs)
        #expect(try ask(["sort": "mostLiked", "limit": 2], rankings).found == [100, 109])
        let cursor = JSON.string(try #require(first.next))
        let rest = try ask(["sort": "mostLiked", "limit": 10, "cursor": cursor], rankings)
        #expect(rest.found == [105, 104, 103, 102, 101, 100] && rest.next == nil)
        for _ in 0..<Rankings.keptMax { rebuild(rankings, reader, after: rankings.newest.madeMs) }
        do {
            _ = try ask(["sort": "mostLiked", "cursor": cursor], rankings)
            Issue.record("it is kept no longer")
        } catch let error as WireError {
            #expect(error.name == .expired && error.path == "/cursor")
        }
    }

    @Test(arguments: [
        "UPDATE patterns SET is_public = 0, published_at = NULL WHERE id = $1",
        "UPDATE patterns SET deleted_at = 5 WHERE id = $1",
        "UPDATE patterns SET deleted_at = 5, removed_at = 5 WHERE id = $1",
    ]) func whatIsHiddenAfterTheRankingWasMadeIsLeftOut(_ change: String) throws {
        try execute("UPDATE patterns SET like_count = 3, play_count = 3")
        let rankings = try rankings()
        let first = try ask(["sort": "mostLiked", "limit": 4], rankings)
        let listed = try all(["sort": "mostLiked"], rankings)
        // One that was on the first page, and one that was to come.
        for hidden in [listed[1], listed[6]] {
            try execute(change, [.identifier(House.id(hidden))])
            try house.database.write { try PatternSearchStore($0).show(House.id(hidden)) }
        }
        let shown = listed.filter { $0 != listed[1] && $0 != listed[6] }
        let next = JSON.string(try #require(first.next))
        let rest = try ask(["sort": "mostLiked", "cursor": next], rankings)
        #expect(rest.found == shown.filter { !first.found.contains($0) })
        #expect(try all(["sort": "mostLiked", "limit": 3], rankings) == shown)
        #expect(try Set(all(["sort": "mostPlayed"], rankings)) == Set(shown))
    }

    @Test func aSearchGoesOnAsItBegan() throws {
        for number in UInt64(100)..<110 {
            try execute(
                "UPDATE patterns SET like_count = $1 WHERE id = $2",
                [.integer(Int64(number)), .identifier(House.id(number))])
        }
        let rankings = try rankings()
        let reader = Reader(database: house.database)
        var isLiked = false
        let seen = try all(["text": "son", "limit": 4], rankings) {
            guard !isLiked else { return }
            isLiked = true
            // What was on the first page, and what is to come.
            for (number, likes) in [(109, 0), (100, 1_000)] as [(UInt64, Int64)] {
                try execute(
                    "UPDATE patterns SET like_count = $1 WHERE id = $2",
                    [.integer(likes), .identifier(House.id(number))])
            }
            rebuild(rankings, reader, after: rankings.newest.madeMs)
        }
        #expect(seen == Self.newestFirst)
        #expect(try ask(["text": "son", "limit": 2], rankings).found == [100, 108])
    }

    @Test func wordsRankTheNewestOnlySoFar() throws {
        let count = UInt64(DiscoverPatterns.candidatesMax)
        // The two oldest of more than are ranked have most of the likes, one of them by its title.
        for number in 1_000..<1_002 + count {
            var record = House.pattern(number)
            record.content.title = number == 1_001 || number > 1_100 ? "Guajira" : "Rumba"
            record.content.description = "guajira"
            record.likeCount = number < 1_002 ? 900 : Int64(number % 7)
            try house.database.write { try PatternStore($0).insert(record) }
        }
        let byLikes = try all(["text": "guajira", "sort": "mostLiked", "limit": 100])
        #expect(byLikes.count == Int(count) && Set(byLikes).count == byLikes.count)
        // What has the words in its title comes before others take the room.
        #expect(byLikes.first == 1_001 && !byLikes.contains(1_000))
        let best = try all(["text": "guajira", "limit": 100])
        #expect(best.count == Int(count) && best.first == 1_001 && !best.contains(1_000))
        // In the order of time nothing is ranked, so all of them come.
        #expect(try all(["text": "guajira", "sort": "newest"]).count == Int(count) + 2)
    }

    /// Waits, in short turns of the reader's own threads, for the next ranking.
    private func rebuild(_ rankings: Rankings, _ reader: Reader, after ms: Int64) {
        let gate = Gate()
        rankings.rebuild(with: reader, nowMs: ms + 1, report: { _ in }, then: { gate.open() })
        gate.pass()
        #expect(rankings.newest.madeMs > ms)
    }

    @Test func aCursorIsOfItsQuestion() throws {
        let next = JSON.string(try #require(try ask(["limit": 1, "flavor": "Salsa"]).next))
        #expect(try ask(["cursor": next, "flavor": "Salsa"]).found.count == 9)
        for params: JSON.Object in [
            ["cursor": next], ["cursor": next, "flavor": "Merengue"],
            ["cursor": next, "flavor": "Salsa", "sort": "mostLiked"],
            ["cursor": next, "flavor": "Salsa", "text": "son"],
        ] {
            do {
                _ = try ask(params)
                Issue.record("taken: \(params)")
            } catch let error as WireError {
                #expect(error.name == .invalidParams && error.path == "/cursor")
            }
        }
    }

    @Test func wordsRankTitlesFirstAndThenLikes() throws {
        for (number, title, likes) in [
            (300, "Güiro lento", 1), (301, "Rumba", 50), (302, "Güiro rápido", 5),
        ] as [(UInt64, String, Int64)] {
            var record = House.pattern(number)
            record.content.title = title
            record.content.description = "con guiro"
            record.likeCount = likes
            try house.database.write { try PatternStore($0).insert(record) }
        }
        #expect(try all(["text": "guiro", "limit": 1]) == [302, 300, 301])
        #expect(try all(["text": "gui", "sort": "newest", "limit": 2]) == [302, 301, 300])
        #expect(try all(["text": "guiro", "sort": "mostLiked", "limit": 2]) == [301, 302, 300])
        #expect(try all(["text": "guiro rumba"]) == [301])
    }

    @Test func trendingForgetsWhatWasLikedLongAgo() throws {
        let hourMs: Int64 = 3_600_000
        // 100: one like just now. 101: two a day ago and a bit. 102: many, nine days ago.
        var number: UInt64 = 1_000
        for (pattern, count, hours) in [(100, 1, 0), (101, 2, 26), (102, 9, 9 * 24)]
            as [(UInt64, Int, Int64)]
        {
            for _ in 0..<count {
                number += 1
                try execute(
                    """
                    INSERT INTO users (id, email, email_normalised, display_name, created_at, \
                    updated_at) VALUES ($1, $2, $2, 'Eva', 1, 1)
                    """, [.identifier(House.id(number)), .text("\(number)@example.org")])
                try execute(
                    """
                    INSERT INTO likes (id, user_id, pattern_id, created_at) VALUES ($1, $1, $2, $3)
                    """,
                    [
                        .identifier(House.id(number)), .identifier(House.id(pattern)),
                        .integer(House.nowMs - hours * hourMs),
                    ])
            }
        }
        #expect(try all(["sort": "trending"]) == [100, 101])
        #expect(try all(["sort": "trending", "flavor": "Merengue"]).isEmpty)
        #expect(
            try all(["sort": "trending", "owner": .string("\(House.user)")]).prefix(3)
                == [100, 101, 109])
    }

    @Test(arguments: InstrumentID.allCases.map(\.rawValue) + InstrumentID.aliases)
    func everyNameOfAnInstrumentIsUnderstood(_ name: String) throws {
        let (params, id) = try (
            Wire.Method.patternDiscover.description.check(["instrument": .string(name)]),
            #require(InstrumentID(name))
        )
        #expect(
            try ask(params).found == ask(["instrument": .string(id.rawValue)]).found)
    }

    @Test(
        arguments: [
            (["text": "🥁"], "/text"), (["text": "a b c d e f g"], "/text"),
            (["bpmMin": 120, "bpmMax": 119], "/bpmMax"), (["instrument": "kazoo"], "/instrument"),
            (["sort": "best"], "/sort"),
        ] as [(JSON.Object, String)]) func badParamsAreNamed(_ params: JSON.Object, _ path: String)
    {
        do throws(WireError) {
            _ = try DiscoverPatterns(
                params, rankings: Rankings(first: Ranking(madeMs: 1, ranked: [:])))
            Issue.record("taken: \(params)")
        } catch {
            #expect(error.name == .invalidParams && error.path == path)
        }
    }
}

/// Any text as a statement.
struct TestSQL: SQLStatement {
    static let allCases: [TestSQL] = []
    let rawValue: String
}
