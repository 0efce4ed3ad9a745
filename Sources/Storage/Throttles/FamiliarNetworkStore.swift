package import Model

/// From where people are known to sign in: what strangers do elsewhere does not slow them down.
package struct FamiliarNetworkStore {
    package static let networksPerUserMax: Int64 = 16

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// - Parameter network: 32 bytes.
    package func isFamiliar(
        _ network: [UInt8], to user: Identifier
    ) throws(DatabaseError) -> Bool {
        try connection.first(
            FamiliarNetworkStatement.find, [.identifier(user), .blob(network)]
        ) { (row) throws(DatabaseError) in try row.integer(0) } != nil
    }

    package func note(
        _ network: [UInt8], of user: Identifier, nowMs: Int64
    ) throws(DatabaseError) {
        try connection.execute(
            FamiliarNetworkStatement.note,
            [.identifier(user), .blob(network), .integer(nowMs)])
        try connection.execute(
            FamiliarNetworkStatement.forgetOldest,
            [.identifier(user), .identifier(user), .integer(Self.networksPerUserMax)])
    }
}
