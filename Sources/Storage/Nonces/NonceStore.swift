/// Nonces that were used. `Protocol/providers.md#the-flow`.
package struct NonceStore {
    /// Expired nonces that are forgotten along with each use.
    package static let expiredDeletedMax: Int64 = 8

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Notes the use of a nonce until it expires; false when it was used before.
    package func use(
        nonceSHA256: [UInt8], expiresMs: Int64, nowMs: Int64
    ) throws(DatabaseError) -> Bool {
        try connection.execute(
            NonceStatement.deleteExpired, [.integer(nowMs), .integer(Self.expiredDeletedMax)])
        return try connection.execute(
            NonceStatement.insert, [.blob(nonceSHA256), .integer(expiresMs)]) == 1
    }
}
