import Model
import Storage
import Testing

/// Likes, comments, follows and blocks as rows, with their counters and activities.
/// `Protocol/social.md`
@Suite struct SocialStoreTests {
    let house: House
    static let pattern = Samples.id(100)

    init() throws {
        house = try House(rooms: 2)
        try house.database.write { connection in
            for number: UInt64 in 2...6 {
                try UserStore(connection).insert(
                    Samples.user(number), preferences: Samples.preferences(number))
            }
        }
    }

    private func write<R>(_ body: (any Connection) throws -> R) throws -> R {
        try house.database.write(body)
    }

    private func like(_ user: UInt64, id: UInt64, _ connection: any Connection) throws -> Bool {
        try LikeStore(connection).like(
            Self.pattern, by: Samples.id(user), id: Samples.id(id), nowMs: Samples.nowMs)
    }

    private static func comment(
        _ id: UInt64, by user: UInt64, parent: UInt64? = nil
    ) -> CommentRecord {
        CommentRecord(
            id: Samples.id(id), user: Samples.id(user), pattern: pattern, text: "¡Azúcar!",
            parent: parent.map(Samples.id), createdMs: Samples.nowMs + Int64(id))
    }

    @Test func `A like counts once, and its activity goes with it`() throws {
        try write { (connection) throws in
            let likes = LikeStore(connection)
            #expect(try like(2, id: 1_000, connection))
            #expect(try !like(2, id: 1_001, connection))
            #expect(try like(3, id: 1_002, connection))
            #expect(try likes.count(of: Self.pattern) == 2)
            #expect(try likes.isLiked(Self.pattern, by: Samples.id(2)))
            #expect(try connection.integer("SELECT COUNT(*) FROM activities") == 2)
            #expect(try likes.unlike(Self.pattern, by: Samples.id(2)))
            #expect(try !likes.unlike(Self.pattern, by: Samples.id(2)))
            #expect(try likes.count(of: Self.pattern) == 1)
            #expect(try !likes.isLiked(Self.pattern, by: Samples.id(2)))
            #expect(try connection.integer("SELECT COUNT(*) FROM activities") == 1)
        }
    }

    @Test func `Liking and unliking for long leaves one row at most`() throws {
        try write { (connection) throws in
            for id: UInt64 in 1_000..<1_050 {
                _ = try like(2, id: id, connection)
                try LikeStore(connection).unlike(Self.pattern, by: Samples.id(2))
            }
            #expect(try connection.integer("SELECT COUNT(*) FROM activities") == 0)
            _ = try like(2, id: 2_000, connection)
            #expect(try connection.integer("SELECT COUNT(*) FROM activities") == 1)
            // Numbers are not used again: a reader that has seen 50 finds this one.
            #expect(try connection.integer("SELECT MAX(number) FROM activities") == 51)
        }
    }

    @Test func `Pages give each row once, newest first, without those who are gone`() throws {
        try write { (connection) throws in
            // Some at one time: ids break the tie.
            for user: UInt64 in 2...6 { _ = try like(user, id: 1_000 + user, connection) }
            _ = try AdministrationStore(connection).ban(Samples.id(4), nowMs: 1)
        }
        try house.database.read { (connection) throws in
            var seen: [Identifier] = []
            var bound: PageBound? = .newest
            var pages = 0
            while let after = bound {
                let page = try LikeStore(connection)
                    .people(liking: Self.pattern, after: after, limit: 2)
                seen += page.elements.map(\.person.id)
                bound = page.next
                pages += 1
                try #require(pages < 10, "a row comes again and again")
            }
            #expect(seen == [6, 5, 3, 2].map(Samples.id))
            #expect(pages == 3)
            #expect(try LikeStore(connection).count(of: Self.pattern) == 5)
        }
    }

    @Test func `A deleted comment is an empty place that keeps its replies`() throws {
        try write { (connection) throws in
            let comments = CommentStore(connection)
            try comments.insert(Self.comment(1_000, by: 2))
            try comments.insert(Self.comment(1_001, by: 3, parent: 1_000))
            try comments.insert(Self.comment(1_002, by: 4))
            #expect(try comments.count(of: Self.pattern) == 3)
            let first = try #require(try comments.find(Samples.id(1_000)))
            #expect(try comments.empty(first, nowMs: 9))
            #expect(try !comments.empty(first, nowMs: 10))
            #expect(try comments.count(of: Self.pattern) == 2)
            #expect(try !comments.edit(first.id, text: "again", nowMs: 11))
            let second = try #require(try comments.find(Samples.id(1_002)))
            try comments.empty(second, nowMs: 9)
            let page = try comments.page(of: Self.pattern, for: nil, after: .newest, limit: 10)
            // An empty place with nothing below it is not shown.
            #expect(page.elements.map(\.comment.id) == [Samples.id(1_000)])
            #expect(page.elements.first?.comment.text == "")
            #expect(page.elements.first?.replyCount == 1)
            let replies = try comments.replies(
                to: Samples.id(1_000), for: nil, after: .newest, limit: 10)
            #expect(replies.elements.map(\.comment.text) == ["¡Azúcar!"])
            let kinds = try connection.texts("SELECT activity_type FROM activities")
            #expect(kinds == ["comment_created"])
        }
    }

    @Test func `Who has blocked an author finds the comment hidden`() throws {
        try write { (connection) throws in
            let comments = CommentStore(connection)
            try comments.insert(Self.comment(1_000, by: 2))
            _ = try BlockStore(connection).block(Samples.id(2), by: Samples.id(3), nowMs: 1)
            let seen = try [nil, 2, 3].map { (reader: UInt64?) in
                try comments.listed(Samples.id(1_000), for: reader.map(Samples.id))?.isHidden
            }
            #expect(seen == [false, false, true])
        }
    }

    @Test func `Levels are counted, to a bound`() throws {
        try write { (connection) throws in
            let comments = CommentStore(connection)
            try comments.insert(Self.comment(1_000, by: 2))
            for id: UInt64 in 1_001...1_004 {
                try comments.insert(Self.comment(id, by: 2, parent: id - 1))
            }
            #expect(try comments.level(of: Samples.id(1_000), max: 8) == 1)
            #expect(try comments.level(of: Samples.id(1_004), max: 8) == 5)
            #expect(try comments.level(of: Samples.id(1_004), max: 3) == 3)
        }
    }

    @Test func `A block ends follows and collaborations in both directions`() throws {
        try write { (connection) throws in
            let follows = FollowStore(connection)
            let (one, other) = (Samples.id(1), Samples.id(2))
            for (id, pair) in [(one, other), (other, one)].enumerated() {
                try follows.follow(
                    pair.1, by: pair.0, id: Samples.id(1_000 + UInt64(id)), nowMs: 1)
            }
            try connection.execute(
                AnySQL(
                    """
                    INSERT INTO collaborators (pattern_id, user_id, role, created_at) \
                    VALUES ($1, $2, 'editor', 1)
                    """), [.identifier(Self.pattern), .identifier(other)])
            let blocks = BlockStore(connection)
            // Whoever blocks whom: the collaborator blocks the owner here.
            #expect(try blocks.block(one, by: other, nowMs: 2) == [Self.pattern])
            #expect(try connection.integer("SELECT COUNT(*) FROM follows") == 0)
            #expect(try connection.integer("SELECT COUNT(*) FROM collaborators") == 0)
            #expect(try connection.integer("SELECT COUNT(*) FROM activities") == 0)
            #expect(try blocks.isBetween(one, other))
            #expect(try blocks.isBetween(other, one))
            #expect(try blocks.isBlocked(one, by: other))
            #expect(try !blocks.isBlocked(other, by: one))
            #expect(try blocks.unblock(one, by: other))
            #expect(try !blocks.isBetween(one, other))
        }
    }

    @Test func `Who is erased takes likes along, and leaves places where replies are`() throws {
        try write { (connection) throws in
            let (likes, comments) = (LikeStore(connection), CommentStore(connection))
            for user: UInt64 in 2...3 { _ = try like(user, id: 2_000 + user, connection) }
            try comments.insert(Self.comment(1_000, by: 2))
            try comments.insert(Self.comment(1_001, by: 3, parent: 1_000))
            try comments.insert(Self.comment(1_002, by: 2, parent: 1_001))
            let user = Samples.id(2)
            while try likes.removeSome(of: user, limit: 1) > 0 {}
            while try comments.removeSome(of: user, limit: 1, nowMs: 5) > 0 {}
            try connection.execute(
                AnySQL("DELETE FROM users WHERE id = $1"), [.identifier(user)])
            #expect(try likes.count(of: Self.pattern) == 1)
            #expect(try comments.count(of: Self.pattern) == 1)
            let left = try connection.texts("SELECT text FROM comments ORDER BY id")
            #expect(left == ["", "¡Azúcar!"])
            try expectExact(connection)
        }
    }

    /// Random acts of a few people on two patterns, then everything is counted again.
    @Test(arguments: (1...8).map(UInt64.init))
    func `Counters equal a recount after whatever people do`(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        try write { (connection) throws in
            for step: UInt64 in 0..<300 {
                let user = Samples.id(.random(in: 1...6, using: &random))
                let other = Samples.id(.random(in: 1...6, using: &random))
                let pattern = Samples.id(.random(in: 100...101, using: &random))
                try act(
                    .random(in: 0..<8, using: &random), user, other, pattern,
                    id: Samples.id(10_000 + step), &random, connection)
            }
            try expectExact(connection, "seed \(seed)")
        }
    }

    private func act(
        _ kind: Int, _ user: Identifier, _ other: Identifier, _ pattern: Identifier,
        id: Identifier, _ random: inout SplitMix64, _ connection: any Connection
    ) throws {
        let comments = CommentStore(connection)
        let nowMs = Samples.nowMs
        switch kind {
        case 0: try LikeStore(connection).like(pattern, by: user, id: id, nowMs: nowMs)
        case 1: try LikeStore(connection).unlike(pattern, by: user)
        case 2, 3:
            let parent = try comments.page(of: pattern, for: nil, after: .newest, limit: 5)
                .elements.randomElement(using: &random)
            try comments.insert(
                CommentRecord(
                    id: id, user: user, pattern: pattern, text: "ok",
                    parent: kind == 2 ? nil : parent?.comment.id, createdMs: nowMs))
        case 4:
            let page = try comments.page(of: pattern, for: nil, after: .newest, limit: 20)
            if let listed = page.elements.randomElement(using: &random) {
                try comments.empty(listed.comment, nowMs: nowMs)
            }
        case 5 where user != other:
            try FollowStore(connection).follow(other, by: user, id: id, nowMs: nowMs)
        case 6: try FollowStore(connection).unfollow(other, by: user)
        case 7 where user != other:
            _ = try BlockStore(connection).block(other, by: user, nowMs: nowMs)
        default: break
        }
    }

    private func expectExact(
        _ connection: any Connection, _ comment: Comment? = nil
    ) throws {
        let wrong = try connection.integer(
            """
            SELECT COUNT(*) FROM patterns p WHERE \
            like_count != (SELECT COUNT(*) FROM likes WHERE pattern_id = p.id) OR \
            comment_count != (SELECT COUNT(*) FROM comments \
            WHERE pattern_id = p.id AND deleted_at IS NULL)
            """)
        #expect(wrong == 0, comment)
        let activities = try connection.integer("SELECT COUNT(*) FROM activities")
        let told = try connection.integer(
            """
            SELECT (SELECT COUNT(*) FROM likes) + (SELECT COUNT(*) FROM follows) + \
            (SELECT COUNT(*) FROM comments WHERE deleted_at IS NULL)
            """)
        #expect(activities == told, comment)
    }
}
