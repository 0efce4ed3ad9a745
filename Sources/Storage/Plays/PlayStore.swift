package import Model

/// Who has played what lately: so that a listener counts once per window.
package struct PlayStore {
    /// Forgotten along with each new one, so that the table stays as small as one window.
    package static let forgottenMax: Int64 = 8

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Notes a play unless this listener has one within the window, and forgets some that are
    /// past it.
    ///
    /// - Parameter listenerSHA256: 32 bytes that stand for a user or a guest's network.
    /// - Returns: whether it counts.
    package func note(
        _ pattern: Identifier, listenerSHA256: [UInt8], nowMs: Int64, windowMs: Int64
    ) throws(DatabaseError) -> Bool {
        let isCounted =
            try connection.execute(
                PlayStatement.note,
                [
                    .identifier(pattern), .blob(listenerSHA256), .integer(nowMs),
                    .integer(nowMs - windowMs),
                ]) == 1
        let past = try connection.rows(
            PlayStatement.oldest, [.integer(nowMs - windowMs), .integer(Self.forgottenMax)]
        ) { (row) throws(DatabaseError) in (try row.identifier(0), try row.blob(1)) }
        for (pattern, listener) in past {
            try connection.execute(
                PlayStatement.forget, [.identifier(pattern), .blob(listener)])
        }
        return isCounted
    }
}
