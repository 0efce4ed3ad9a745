package import Model

/// How a pattern fares.
package struct PatternCounters: Hashable, Sendable {
    package let likes: Int64
    package let comments: Int64
    package let plays: Int64
    package let forks: Int64
}

extension FeedStore {
    package func counters(of pattern: Identifier) throws(DatabaseError) -> PatternCounters? {
        try connection.first(FeedStatement.counters, [.identifier(pattern)]) {
            (row) throws(DatabaseError) in
            PatternCounters(
                likes: try row.integer(0), comments: try row.integer(1),
                plays: try row.integer(2), forks: try row.integer(3))
        }
    }
}
