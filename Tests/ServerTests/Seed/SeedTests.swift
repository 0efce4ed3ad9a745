import Model
import Storage
import TestSupport
import Testing
import Transport

@testable import Server

@Suite struct SeedTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/data" }

    init() throws { folder = try TemporaryFolder() }

    private func seed(_ number: UInt64 = 1, force: Bool = false) throws {
        try Seed.run(path: path, size: .small, seed: number, force: force, report: { _ in })
    }

    /// Of a database that nothing else has open.
    private func numbers(_ sql: String) throws -> [Int64] {
        let directory = try DataDirectory(path: path)
        defer { directory.release() }
        let opened = try directory.openDatabase(nowMs: EventLoop.wallClockMs)
        defer { try? opened.database.close() }
        return try opened.database.read { connection in
            try connection.rows(TestSQL(rawValue: sql), []) {
                (row) throws(DatabaseError) in try row.integer(0)
            }
        }
    }

    @Test func aDatabaseWithPeopleIsLeftAlone() throws {
        try seed()
        let people = try numbers("SELECT count(*) FROM users")
        #expect(people == [Int64(SeedSize.small.users)])
        do {
            try seed(2)
            Issue.record("it was filled again")
        } catch Seed.Failure.notEmpty {}
        #expect(try numbers("SELECT count(*) FROM users") == people)
        try seed(2, force: true)
        #expect(try numbers("SELECT count(*) FROM users") == [people[0] * 2])
    }

    @Test func itsCountersEqualARecount() throws {
        try seed()
        let size = SeedSize.small
        for (table, count) in [
            ("users", size.users), ("patterns", size.patterns), ("likes", size.likes),
            ("follows", size.follows), ("comments", size.comments), ("plays", size.plays),
        ] {
            #expect(try numbers("SELECT count(*) FROM \(table)") == [Int64(count)], "\(table)")
        }
        for (counter, recount) in [
            ("like_count", "SELECT count(*) FROM likes l WHERE l.pattern_id = p.id"),
            (
                "comment_count",
                "SELECT count(*) FROM comments c WHERE c.pattern_id = p.id AND c.deleted_at IS NULL"
            ),
            ("fork_count", "SELECT count(*) FROM patterns f WHERE f.original_pattern_id = p.id"),
        ] {
            let wrong = try numbers(
                "SELECT count(*) FROM patterns p WHERE p.\(counter) <> (\(recount))")
            #expect(wrong == [0], "\(counter)")
            #expect(try numbers("SELECT sum(\(counter)) FROM patterns")[0] > 0, "\(counter)")
        }
        // Of listeners only the latest are kept.
        #expect(
            try numbers(
                """
                SELECT count(*) FROM patterns p WHERE p.play_count < \
                (SELECT count(*) FROM plays l WHERE l.pattern_id = p.id)
                """) == [0])
        // Discovery lists what is public, with its words.
        for sql in [
            "SELECT count(*) FROM pattern_search WHERE is_listed",
            "SELECT count(*) FROM pattern_text WHERE rowid IN "
                + "(SELECT number FROM pattern_search WHERE is_listed)",
        ] {
            #expect(
                try numbers(sql)
                    == numbers(
                        "SELECT count(*) FROM patterns WHERE is_public AND deleted_at IS NULL"))
        }
    }
}
