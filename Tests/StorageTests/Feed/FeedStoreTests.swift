import Foundation
import Model
import Storage
import Testing

/// `Protocol/notifications.md#feed`
@Suite struct FeedStoreTests {
    private static func id(_ number: Int) -> Identifier { unique(50_000 + UInt64(number)) }

    private static func unique(_ number: UInt64) -> Identifier {
        Identifier(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | number)
    }

    /// A reader who follows the first `followees` of `people`, who did `acts` things.
    private static func fill(
        _ connection: any Connection, people: Int, followees: Int, acts: Int,
        _ random: inout SplitMix64
    ) throws {
        for number in 0...people {
            try UserStore(connection).insert(
                UserRecord(
                    id: id(number), email: "u\(number)@example.org",
                    emailNormalised: "u\(number)@example.org", passwordHash: nil,
                    displayName: "U \(number)", createdMs: 1),
                preferences: PreferencesRecord(
                    id: Self.unique(200_000 + UInt64(number)), user: id(number), createdMs: 1))
        }
        for number in stride(from: 1, through: followees, by: 1) {
            try connection.execute(
                AnySQL(
                    "INSERT INTO follows (id, follower_id, following_id, created_at) "
                        + "VALUES ($1, $2, $3, 1)"),
                [
                    .identifier(Self.unique(400_000 + UInt64(number))), .identifier(id(0)),
                    .identifier(id(number)),
                ])
        }
        for act in 0..<acts {
            // A few do most of it.
            let reach = max(1, Int.random(in: 1...people, using: &random))
            let author = Int.random(in: 1...reach, using: &random)
            try ActivityStore(connection).note(
                ActivityRecord(
                    id: Self.unique(1_000_000 + UInt64(act)), user: id(author),
                    kind: .userFollowed, targetUser: id(0), createdMs: 1))
        }
    }

    /// All activities of followees, ascending: the obvious way.
    private static func naive(_ connection: any Connection) throws -> [Int64] {
        try connection.rows(
            AnySQL(
                "SELECT number FROM activities WHERE user_id IN "
                    + "(SELECT following_id FROM follows WHERE follower_id = $1) ORDER BY number"),
            [.identifier(id(0))]
        ) { (row) throws(DatabaseError) in try row.integer(0) }
    }

    /// With many followees a page is often found among the newest acts of all.
    @Test(arguments: [12, 55])
    func `The merge has what the obvious way has, in pages of any size, both ways`(
        followees: Int
    ) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("feed: seed \(seed)")
        var random = SplitMix64(seed: seed)
        let house = try House(rooms: 0)
        let all = try house.database.write { connection in
            try Self.fill(
                connection, people: 60, followees: followees, acts: 5_000, &random)
            return try Self.naive(connection)
        }
        try house.database.read { connection in
            let feed = FeedStore(connection)
            for limit in [1, 2, 7, 50, 1_000] {
                var down: [Int64] = []
                while true {
                    let page = try feed.numbers(
                        for: Self.id(0), before: down.last ?? Int64.max, limit: limit)
                    down += page
                    if page.count < limit { break }
                }
                #expect(down == Array(all.reversed()), "seed \(seed), limit \(limit)")
                var up: [Int64] = []
                while true {
                    let page = try feed.numbers(
                        for: Self.id(0), after: up.last ?? 0, limit: limit)
                    up += page
                    if page.count < limit { break }
                }
                #expect(up == all, "seed \(seed), limit \(limit)")
            }
            #expect(try feed.head() == 5_000)
            #expect(try feed.followees(of: Self.id(0)).count == followees)
        }
    }

    @Test func `Old activities go from the old end, a few at a time, and leave a floor`() throws {
        var random = SplitMix64(seed: 5)
        let house = try House(rooms: 0)
        try house.database.write { connection in
            try Self.fill(connection, people: 3, followees: 3, acts: 10, &random)
            let (feed, activities) = (FeedStore(connection), ActivityStore(connection))
            // They were noted at 1.
            #expect(try activities.clean(beforeMs: 1, limit: 4) == 0)
            #expect(try feed.bounds() == (0, 10))
            #expect(try activities.clean(beforeMs: 2, limit: 4) == 4)
            #expect(try feed.bounds() == (4, 10))
            #expect(try feed.numbers(for: Self.id(0), after: 4, limit: 50).count == 6)
            #expect(try activities.clean(beforeMs: 2, limit: 100) == 6)
            // Nothing is left, and yet the numbers go on.
            #expect(try feed.bounds() == (10, 10))
            #expect(try activities.clean(beforeMs: 2, limit: 100) == 0)
            let act = ActivityRecord(
                id: Self.unique(7), user: Self.id(1), kind: .userFollowed, createdMs: 9)
            try activities.note(act)
            #expect(try feed.bounds() == (10, 11))
            // Young ones stay, and who is told of the newest is not above the head when it goes.
            #expect(try activities.clean(beforeMs: 9, limit: 100) == 0)
            try activities.remove(act.id)
            #expect(try feed.bounds() == (10, 11))
        }
    }

    /// `STORAGE_MEASURE=1` prints how long a page takes; every page begins somewhere else.
    @Test(
        .enabled(if: ProcessInfo.processInfo.environment["STORAGE_MEASURE"] != nil),
        arguments: [500, 5_000])
    func `A page of many followees`(followees: Int) throws {
        var random = SplitMix64(seed: 7)
        let house = try House(rooms: 0)
        try house.database.write { connection in
            try Self.fill(
                connection, people: followees * 2, followees: followees, acts: 200_000, &random)
        }
        var times: [Duration] = []
        for _ in 0..<300 {
            let bound = Int64.random(in: 100_000...200_000, using: &random)
            let began = ContinuousClock.now
            try house.database.read { connection in
                let feed = FeedStore(connection)
                for number in try feed.numbers(for: Self.id(0), before: bound, limit: 50) {
                    _ = try feed.find(number, for: Self.id(0))
                }
            }
            times.append(ContinuousClock.now - began)
        }
        times.sort()
        print("feed: \(followees) followees: p50 \(times[150]), p99 \(times[296])")
    }
}
