package import Model

/// What rankings are made of.
package struct RankingStore {
    /// Patterns that one order reads from its top.
    package static let topMax: Int64 = 10_000

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Listed patterns that were played, the most played first.
    package func mostPlayed() throws(DatabaseError) -> [SearchEntry] {
        try connection.rows(SearchStatement.mostPlayed, [.integer(Self.topMax)], Self.entry)
    }

    /// Listed patterns that were liked, the most liked first.
    package func mostLiked() throws(DatabaseError) -> [SearchEntry] {
        try connection.rows(SearchStatement.mostLiked, [.integer(Self.topMax)], Self.entry)
    }

    /// Nil when the pattern is not listed.
    package func entry(of pattern: Identifier) throws(DatabaseError) -> SearchEntry? {
        try connection.first(SearchStatement.entry, [.identifier(pattern)], Self.entry)
    }

    /// The pattern of each like in a span of time, at most `limit`.
    package func likes(in span: Range<Int64>, limit: Int64) throws(DatabaseError) -> [Identifier] {
        try patterns(SearchStatement.likesBetween, span, limit)
    }

    /// The same for listeners.
    package func plays(in span: Range<Int64>, limit: Int64) throws(DatabaseError) -> [Identifier] {
        try patterns(SearchStatement.playsBetween, span, limit)
    }

    private func patterns(
        _ statement: SearchStatement, _ span: Range<Int64>, _ limit: Int64
    ) throws(DatabaseError) -> [Identifier] {
        try connection.rows(
            statement, [.integer(span.lowerBound), .integer(span.upperBound), .integer(limit)]
        ) { (row) throws(DatabaseError) in try row.identifier(0) }
    }

    private static func entry(_ row: Row) throws(DatabaseError) -> SearchEntry {
        SearchEntry(
            number: try row.integer(0), pattern: try row.identifier(1),
            owner: try row.identifier(2), flavor: try row.text(3), bpm: try row.integer(4),
            keyNote: try row.integer(5),
            instruments: SearchInstruments(rawValue: try row.integer(6)))
    }
}
