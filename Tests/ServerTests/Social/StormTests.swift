import Client
import Model
import Storage
import Testing
import Wire

/// Everybody does everything at once, over sockets; then what is on the disk is counted again.
@Suite(.serialized) struct StormTests {
    private static let people = 8
    private static let patterns = 3
    private static let acts = 300

    private static let refusals = [
        "blocked", "deleted", "forbidden", "notFound", "limit", "invalidParams", "rate",
    ]

    @Test(arguments: [1, 2])
    func `Counters equal a recount after a storm`(shards: Int) async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("storm: seed \(seed)")
        let house = try await SocialHouse(
            people: Self.people, patterns: Self.patterns, shards: shards)
        let comments = Shared<[JSON]>([])
        let done = try await withThrowingTaskGroup(of: Int.self) { group in
            for (number, client) in house.clients.enumerated() {
                group.addTask {
                    try await Self.act(
                        client, seed: seed &+ UInt64(number), comments: comments)
                }
            }
            return try await group.reduce(0, +)
        }
        // Refusals are for blocks, deleted comments and the rate; many acts are done.
        #expect(done > Self.people * Self.acts / 4)
        let (wrong, orphans, follows) = try await house.stop { connection in
            try (
                Self.count(
                    """
                    patterns p WHERE \
                    like_count != (SELECT COUNT(*) FROM likes WHERE pattern_id = p.id) OR \
                    comment_count != (SELECT COUNT(*) FROM comments \
                    WHERE pattern_id = p.id AND deleted_at IS NULL)
                    """, connection),
                Self.count(
                    """
                    activities a WHERE a.id NOT IN (SELECT id FROM likes UNION \
                    SELECT id FROM follows UNION \
                    SELECT id FROM comments WHERE deleted_at IS NULL)
                    """, connection),
                Self.count(
                    """
                    follows f JOIN blocks b ON b.blocker_id IN (f.follower_id, f.following_id) \
                    AND b.blocked_id IN (f.follower_id, f.following_id)
                    """, connection)
            )
        }
        #expect(wrong == 0, "seed \(seed)")
        #expect(orphans == 0, "seed \(seed)")
        #expect(follows == 0, "seed \(seed)")
    }

    private static func count(_ table: String, _ connection: any Connection) throws -> Int64? {
        try connection.first(AnySQL("SELECT COUNT(*) FROM " + table), []) {
            (row) throws(DatabaseError) in try row.integer(0)
        }
    }

    /// - Returns: how many acts were not refused.
    private static func act(
        _ client: SalsaClient, seed: UInt64, comments: Shared<[JSON]>
    ) async throws -> Int {
        var random = SplitMix64(seed: seed)
        var done = 0
        for _ in 0..<acts {
            let pattern: JSON.Object = .pattern(.random(in: 0..<patterns, using: &random))
            let user: JSON.Object = .user(.random(in: 0..<people, using: &random))
            let (method, params): (Wire.Method, JSON.Object)
            switch Int.random(in: 0..<16, using: &random) {
            case 0..<4: (method, params) = (.patternLike, pattern)
            case 4..<7: (method, params) = (.patternUnlike, pattern)
            case 7..<10:
                var words = pattern
                words["text"] = "hm"
                words["parent"] = random.next() % 2 == 0
                    ? nil : comments.withLock { $0.randomElement(using: &random) }
                (method, params) = (.commentCreate, words)
            case 10, 11:
                guard let id = comments.withLock({ $0.randomElement(using: &random) }) else {
                    continue
                }
                (method, params) = (.commentDelete, ["comment": id])
            case 12, 13: (method, params) = (.userFollow, user)
            case 14: (method, params) = (.userUnfollow, user)
            default:
                (method, params) = (random.next() % 3 == 0 ? .userBlock : .userUnblock, user)
            }
            do {
                let answer = try await SocialHouse.call(client, method, params)
                done += 1
                if let id = answer["comment"]?.object?["id"] {
                    comments.withLock { $0.append(id) }
                }
            } catch ClientError.refused(let error) {
                #expect(
                    refusals.contains(error.code), "\(method.rawValue): \(error), seed \(seed)")
            }
        }
        return done
    }
}

/// Any text as a statement.
struct AnySQL: SQLStatement {
    static let allCases: [AnySQL] = []
    let rawValue: String

    init(rawValue: String) { self.rawValue = rawValue }
    init(_ sql: String) { rawValue = sql }
}
