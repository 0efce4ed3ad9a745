package import Model

/// Whether somebody has as much of a kind as one person may.
package struct QuotaStore {
    package enum Kind: Sendable {
        case patterns, comments, follows, blocks

        fileprivate var statement: QuotaStatement {
            switch self {
            case .patterns: .patterns
            case .comments: .comments
            case .follows: .follows
            case .blocks: .blocks
            }
        }
    }

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// - Parameters:
    ///   - countMax: 1 and up.
    ///   - sinceMs: what was made before does not count.
    package func isUsedUp(
        _ kind: Kind, of user: Identifier, countMax: Int, sinceMs: Int64 = .min
    ) throws(DatabaseError) -> Bool {
        let madeMs = try connection.first(
            kind.statement, [.identifier(user), .integer(Int64(countMax) - 1)]
        ) { (row) throws(DatabaseError) in try row.integer(0) }
        return madeMs.map { $0 > sinceMs } ?? false
    }
}
