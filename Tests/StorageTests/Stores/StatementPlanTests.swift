@testable import Storage
import Testing

/// What SQLite intends to do for each statement, and what the texts may contain.
@Suite struct StatementPlanTests {
    /// Statements that read a whole table, each with its reason.
    static let scansAllowed = [
        // Once after history was rewound, before anything is served.
        "UPDATE rooms SET epoch = $1",
        // Reads one row, whichever comes first.
        "SELECT id FROM users ORDER BY id LIMIT 1",
        "SELECT pattern_id, last_user_id FROM inbox_sweeps ORDER BY pattern_id LIMIT 1",
        // Counts along an index, to the bound of the queue.
        "SELECT id FROM mails ORDER BY next_attempt_at, id LIMIT 1 OFFSET $1",
        // Sorts the acts of a span, while no server runs.
        SeedStatement.activities.rawValue,
    ]
        // Feeds sort one number for each followee, and keep as many as a page has.
        + StatementCatalogue.all.filter { $0.contains("AS top") }

    @Test(arguments: StatementCatalogue.all)
    func everyStatementUsesAnIndex(_ sql: String) throws {
        let plan = try Self.plan(of: sql)
        let wasteful = plan.filter { step in
            (step.contains("SCAN") && !Self.isBounded(step)) || step.contains("TEMP B-TREE")
                || step.contains("AUTOMATIC")
        }
        #expect(wasteful.isEmpty || Self.scansAllowed.contains(sql), "\(plan)")
        #expect(
            !plan.contains("SEARCH inbox USING PRIMARY KEY (user_id=?)"), "walks a whole inbox")
    }

    @Test(arguments: StatementCatalogue.all)
    func parametersAppearFirstInOrder(_ sql: String) {
        var seen = 0
        for number in Self.parameters(sql) where number > seen {
            #expect(number == seen + 1, "SQLite would bind \(sql) by first appearance")
            seen = number
        }
        #expect(!sql.contains("?"), "not a parameter of PostgreSQL")
        #expect(!sql.contains("rowid") || sql.contains("pattern_text"), "FTS5 has no other key")
    }

    /// A virtual table that is asked for words (M) or a key (= < >) looks them up; `m` is a
    /// subquery that ends after `DiscoverStore.matchesMax` rows.
    private static func isBounded(_ step: String) -> Bool {
        guard let index = step.firstRange(of: "VIRTUAL TABLE INDEX ")?.upperBound else {
            return step == "SCAN m"
        }
        return step[index...].contains(where: "M=<>".contains)
    }

    @Test func aScanIsNoticed() throws {
        let plan = try Self.plan(of: "SELECT id FROM users WHERE bio = $1")
        #expect(plan.contains { $0.contains("SCAN") })
    }

    private static func plan(of sql: String) throws -> [String] {
        let count = parameters(sql).max() ?? 0
        return try House(rooms: 0).database.read { connection in
            try connection.rows(
                AnySQL("EXPLAIN QUERY PLAN " + sql), Array(repeating: .null, count: count)
            ) { (row) throws(DatabaseError) in try row.text(3) }
        }
    }

    /// The numbers of `$n`, in order of appearance.
    private static func parameters(_ sql: String) -> [Int] {
        sql.split(separator: "$", omittingEmptySubsequences: false).dropFirst().compactMap {
            Int($0.prefix { $0.isNumber })
        }
    }
}
