import Foundation
import Storage
import Testing

@Suite struct MigrationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private var path: String { folder.path + "/database.sqlite" }

    @Test func eachMigrationRunsOnce() throws {
        let database = try SQLiteDatabase(path: path)
        #expect(try Migrator.migrate(database, nowMs: 1) == Migration.all.map(\.number))
        #expect(try Migrator.migrate(database, nowMs: 2) == [])
        let count = try database.read {
            try $0.integer("SELECT COUNT(*) FROM schema_migrations WHERE applied_ms = 1")
        }
        #expect(count == Int64(Migration.all.count))
        #expect(Migration.all.map(\.number) == Array(1...Int64(Migration.all.count)))
    }

    @Test func aMigrationThatFailsLeavesNothing() throws {
        let database = try SQLiteDatabase(path: path)
        let broken = Migration(
            number: Int64(Migration.all.count + 1), name: "broken",
            script: "CREATE TABLE half (id INTEGER PRIMARY KEY); CREATE TABLE half (id INTEGER)")
        #expect(throws: DatabaseError.self) {
            try Migrator.migrate(database, nowMs: 1, migrations: Migration.all + [broken])
        }
        let half = try database.read {
            try $0.integer("SELECT COUNT(*) FROM sqlite_master WHERE name = 'half'")
        }
        #expect(half == 0)
        #expect(try Migrator.migrate(database, nowMs: 2) == [])
    }

    @Test func aDatabaseOfANewerVersionIsRefused() throws {
        let database = try SQLiteDatabase(path: path)
        let next = Int64(Migration.all.count + 1)
        let future = Migration(
            number: next, name: "future", script: "CREATE TABLE t (id INTEGER PRIMARY KEY)")
        try Migrator.migrate(database, nowMs: 1, migrations: Migration.all + [future])
        #expect(throws: Migrator.Refusal.newer(found: next, known: next - 1)) {
            try Migrator.migrate(database, nowMs: 2)
        }
    }

    @Test func anotherProgramsDatabaseIsRefusedAndNotTouched() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('create table t(x)')",
            path,
        ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(throws: DatabaseError.foreign(applicationID: 0)) { try SQLiteDatabase(path: path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        try Data("no database at all, but long enough to have a header of 100 bytes".utf8)
            .write(to: URL(fileURLWithPath: path))
        #expect(throws: DatabaseError.corrupt) { try SQLiteDatabase(path: path) }
    }

    @Test func everyTableHasAPrimaryKeyAndNoneATrigger() throws {
        let database = try SQLiteDatabase(path: path)
        try Migrator.migrate(database, nowMs: 1)
        try database.read { connection in
            // SQLite's own table of sequences has none, and a virtual one has those of its parts.
            let tables = try connection.texts(
                """
                SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'sqlite_sequence' \
                AND sql NOT LIKE 'CREATE VIRTUAL TABLE%'
                """)
            #expect(tables.count > 8)
            for table in tables {
                let keys = try connection.integer(
                    "SELECT COUNT(*) FROM pragma_table_info($1) WHERE pk > 0", [.text(table)])
                #expect(keys ?? 0 > 0, "\(table)")
            }
            let triggers = try connection.integer(
                "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger'")
            #expect(triggers == 0)
        }
    }

    @Test func noIndexIsBuiltTwice() throws {
        let database = try SQLiteDatabase(path: path)
        try Migrator.migrate(database, nowMs: 1)
        let indexes = try database.read { connection in
            try connection.texts(
                """
                SELECT l.tbl || ':' || l.columns || ',' FROM (
                    SELECT m.name AS tbl, (SELECT group_concat(coalesce(name, i.name)) FROM
                        (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) AS columns
                    FROM sqlite_master m JOIN pragma_index_list(m.name) i
                    WHERE m.type = 'table' AND i.partial = 0) l
                """)
        }
        #expect(indexes.count > 10)
        for (position, index) in indexes.enumerated() {
            let doubled = indexes.enumerated().contains { other in
                other.offset != position && other.element.hasPrefix(index)
            }
            #expect(!doubled, "\(index)")
        }
    }

    @Test func connectionsSyncEachCommitAndCheckForeignKeys() throws {
        let database = try SQLiteDatabase(path: path)
        for _ in 0..<2 {
            try database.write { connection in
                let synchronous = try connection.integer("PRAGMA synchronous")
                let foreignKeys = try connection.integer("PRAGMA foreign_keys")
                let mode = try connection.texts("PRAGMA journal_mode")
                #expect(synchronous == 2)
                #expect(foreignKeys == 1)
                #expect(mode == ["wal"])
            }
            try database.reopen()
        }
    }
}
