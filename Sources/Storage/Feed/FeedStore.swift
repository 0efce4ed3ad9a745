package import Model

/// What the people do whom somebody follows: merged when it is read, from the activities of each.
/// `Protocol/notifications.md#feed`.
///
/// The `limit` newest acts are by people among the `limit` whose newest act is newest, and none of
/// them is older than the last of those. So a page costs one look into an index for each followee,
/// and a few rows of `limit` people. Before that, the nearest acts of all are looked at, half as
/// many as there are followees: who follows many finds a page among them, and for who does not it
/// costs less than half of what follows.
package struct FeedStore {
    /// A look at an act takes about as long as one at a followee.
    private static let scannedMax: Int64 = 4_000

    let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// The number of the last activity of all, also when it was taken back; 0 before the first.
    package func head() throws(DatabaseError) -> Int64 { try bounds().head }

    /// What was up to `floor` was deleted, because it was old.
    package func bounds() throws(DatabaseError) -> (floor: Int64, head: Int64) {
        var head =
            try connection.first(FeedStatement.newestNumber, []) {
                (row) throws(DatabaseError) in try row.optionalInteger(0)
            } ?? nil
        var floor: Int64 = 0
        try connection.query(FeedStatement.bounds, []) { (row) throws(DatabaseError) in
            let number = try row.integer(1)
            if try row.text(0) == "activity_floor" { floor = number }
            head = max(head ?? 0, number)
            return true
        }
        return (floor, head ?? 0)
    }

    /// Activities of those whom `reader` follows with a number below `bound`, newest first.
    package func numbers(
        for reader: Identifier, before bound: Int64, limit: Int
    ) throws(DatabaseError) -> [Int64] {
        let scanned = try scanned(for: reader)
        if let page = try scan(.recent, scanned, bound, reader, limit, isWhole: bound <= scanned) {
            return page
        }
        let tops = try tops(.newest, bound, reader, limit)
        let last = tops.count < limit ? 1 : tops.last?.number ?? 1
        var numbers: [Int64] = []
        for top in tops {
            numbers += try self.numbers(.down, of: top.author, last, top.number, limit)
        }
        return Array(numbers.sorted(by: >).prefix(limit))
    }

    /// Activities of those whom `reader` follows with a number above `number`, oldest first.
    package func numbers(
        for reader: Identifier, after number: Int64, limit: Int
    ) throws(DatabaseError) -> [Int64] {
        let scanned = try scanned(for: reader)
        let isWhole = try head() - number <= scanned
        if let page = try scan(.following, scanned, number, reader, limit, isWhole: isWhole) {
            return page
        }
        let tops = try tops(.oldest, number, reader, limit)
        let last = tops.count < limit ? Int64.max : tops.last?.number ?? Int64.max
        var numbers: [Int64] = []
        for top in tops {
            numbers += try self.numbers(.up, of: top.author, top.number, last, limit)
        }
        return Array(numbers.sorted().prefix(limit))
    }

    private func scanned(for reader: Identifier) throws(DatabaseError) -> Int64 {
        min(Self.scannedMax, Int64(try FollowStore(connection).followingCount(of: reader)) / 2)
    }

    /// - Parameter isWhole: nothing is beyond what is looked at.
    /// - Returns: nil when the page may have more than was found.
    private func scan(
        _ statement: FeedStatement, _ scanned: Int64, _ bound: Int64, _ reader: Identifier,
        _ limit: Int, isWhole: Bool
    ) throws(DatabaseError) -> [Int64]? {
        let found = try connection.rows(
            statement,
            [
                .integer(bound), .integer(scanned), .identifier(reader),
                .integer(Int64(limit)),
            ]
        ) { (row) throws(DatabaseError) in try row.integer(0) }
        // The engine keeps the order of the inner query, but nothing says that it must.
        let isOrdered = zip(found, found.dropFirst()).allSatisfy {
            statement == .recent ? $0 > $1 : $0 < $1
        }
        return isOrdered && (found.count == limit || isWhole) ? found : nil
    }

    private func tops(
        _ statement: FeedStatement, _ bound: Int64, _ reader: Identifier, _ limit: Int
    ) throws(DatabaseError) -> [(author: Identifier, number: Int64)] {
        try connection.rows(
            statement, [.integer(bound), .identifier(reader), .integer(Int64(limit))]
        ) { (row) throws(DatabaseError) in (try row.identifier(0), try row.integer(1)) }
    }

    private func numbers(
        _ statement: FeedStatement, of author: Identifier, _ first: Int64, _ last: Int64,
        _ limit: Int
    ) throws(DatabaseError) -> [Int64] {
        try connection.rows(
            statement,
            [.identifier(author), .integer(first), .integer(last), .integer(Int64(limit))]
        ) { (row) throws(DatabaseError) in try row.integer(0) }
    }

    /// - Parameter reader: nil for nobody in particular.
    package func find(
        _ number: Int64, for reader: Identifier?
    ) throws(DatabaseError) -> FeedRecord? {
        try connection.first(
            FeedStatement.find, [.identifier(reader), .integer(number)]
        ) { (row) throws(DatabaseError) in try FeedRecord(row) }
    }

    package func followees(of reader: Identifier) throws(DatabaseError) -> [Identifier] {
        try identifiers(.followees, reader)
    }

    /// With whom somebody has a block, whoever made it.
    package func blocks(of user: Identifier) throws(DatabaseError) -> [Identifier] {
        try identifiers(.blocks, user)
    }

    private func identifiers(
        _ statement: FeedStatement, _ id: Identifier
    ) throws(DatabaseError) -> [Identifier] {
        try connection.rows(statement, [.identifier(id)]) { (row) throws(DatabaseError) in
            try row.identifier(0)
        }
    }
}
