package import Model

/// Reads listed patterns. Each call reads a bounded number of rows, whatever is asked for.
package struct DiscoverStore {
    /// Numbers that a search without words looks through at one time.
    package static let scannedNumbersMax: Int64 = 32_768
    /// Matches of words that are looked through at one time.
    package static let matchesMax: Int64 = 2_000

    /// Begins small: most pages are full soon.
    private static let firstWindow: Int64 = 512

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    package struct Found: Sendable {
        package let number: Int64
        package let pattern: Identifier
    }

    package struct Counted: Sendable {
        package let found: Found
        package let plays: Int64
        package let likes: Int64
    }

    /// A piece of a list, newest first.
    package struct Piece: Sendable {
        package var found: [Found] = []
        /// Everything from here on was looked through; nil at the end of the list.
        package var next: Int64?
    }

    /// The number of the newest row below `bound`, listed or not.
    package func head(below bound: Int64 = .max) throws(DatabaseError) -> Int64? {
        try connection.first(SearchStatement.head, [.integer(bound)]) {
            (row) throws(DatabaseError) in try row.integer(0)
        }
    }

    /// At most `limit` of those below `bound`; fewer when the search has gone as far as it may.
    package func newest(
        _ filter: SearchFilter, below bound: Int64, limit: Int64
    ) throws(DatabaseError) -> Piece {
        if filter.owner != nil {
            let found = try counted(filter, below: bound, limit: limit).map(\.found)
            return Piece(found: found, next: found.count < limit ? nil : found.last?.number)
        }
        var piece = Piece()
        guard let head = try head(below: bound) else { return piece }
        var (top, window) = (head + 1, Self.firstWindow)
        let end = max(0, top - Self.scannedNumbersMax)
        while top > end {
            let floor = max(end, top - window)
            piece.found += try find(
                SearchStatement.newest,
                [.integer(top), .integer(floor)] + filter.values.dropLast()
                    + [.integer(limit - Int64(piece.found.count))])
            if piece.found.count >= limit {
                piece.next = piece.found.last?.number
                return piece
            }
            (top, window) = (floor, window * 4)
        }
        piece.next = end > 0 ? end : nil
        return piece
    }

    /// The newest of the filter's owner, with their counts.
    package func counted(
        _ filter: SearchFilter, below bound: Int64, limit: Int64
    ) throws(DatabaseError) -> [Counted] {
        try connection.rows(
            SearchStatement.newestOfOwner,
            [.integer(bound)] + filter.values + [.integer(limit)]
        ) { (row) throws(DatabaseError) in
            Counted(
                found: try Self.found(row), plays: try row.integer(2), likes: try row.integer(3))
        }
    }

    /// At most `limit` of those below `bound` that have the words, likewise.
    package func matches(
        _ text: SearchText, completing: Bool, _ filter: SearchFilter, below bound: Int64,
        limit: Int64
    ) throws(DatabaseError) -> Piece {
        let found = try newestMatches(
            text, .anywhere, completing: completing, filter, below: bound, limit: limit)
        if found.count >= limit { return Piece(found: found, next: found.last?.number) }
        let next = try number(
            ofMatch: Self.matchesMax, text, completing: completing, below: bound)
        return Piece(found: found, next: next)
    }

    /// The same, without where to go on.
    package func newestMatches(
        _ text: SearchText, _ place: SearchText.Place, completing: Bool, _ filter: SearchFilter,
        below bound: Int64, limit: Int64
    ) throws(DatabaseError) -> [Found] {
        try find(
            SearchStatement.matches,
            [
                .text(text.expression(place, completing: completing)), .integer(bound),
                .integer(Self.matchesMax),
            ] + filter.values + [.integer(limit)])
    }

    /// The number of the match below `bound` that is the so manieth, the newest being the first.
    package func number(
        ofMatch count: Int64, _ text: SearchText, completing: Bool, below bound: Int64
    ) throws(DatabaseError) -> Int64? {
        try connection.first(
            SearchStatement.match,
            [
                .text(text.expression(.anywhere, completing: completing)), .integer(bound),
                .integer(count - 1),
            ]
        ) { (row) throws(DatabaseError) in try row.integer(0) }
    }

    /// The pattern, if everybody may see it now and neither of caller and owner blocks the other.
    package func card(
        _ pattern: Identifier, for user: Identifier?
    ) throws(DatabaseError) -> ListedPattern? {
        try connection.first(
            SearchStatement.card, [.identifier(user), .identifier(pattern)], Self.card)
    }

    private func find(
        _ statement: SearchStatement, _ values: [Value]
    ) throws(DatabaseError) -> [Found] {
        try connection.rows(statement, values, Self.found)
    }

    private static func found(_ row: Row) throws(DatabaseError) -> Found {
        Found(number: try row.integer(0), pattern: try row.identifier(1))
    }

    private static func card(_ row: Row) throws(DatabaseError) -> ListedPattern {
        ListedPattern(
            id: try row.identifier(0), owner: try row.identifier(1), ownerName: try row.text(2),
            title: try row.text(3), description: try row.text(4), flavor: try row.text(5),
            bpm: try row.integer(6), keyNote: try row.integer(7),
            original: try row.optionalIdentifier(8), playCount: try row.integer(9),
            likeCount: try row.integer(10), commentCount: try row.integer(11),
            forkCount: try row.integer(12), createdMs: try row.integer(13),
            updatedMs: try row.integer(14), publishedMs: try row.optionalInteger(15),
            role: try row.optionalText(16).flatMap(Role.init))
    }
}
