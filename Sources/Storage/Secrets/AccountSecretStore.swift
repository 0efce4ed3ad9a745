package import Model

/// Secrets that were mailed. `Protocol/mail.md#secrets`.
package struct AccountSecretStore {
    /// Expired secrets that are deleted along with each new one.
    package static let expiredDeletedMax: Int64 = 8

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Adds a secret in the place of those that its user has for the same purpose.
    package func replace(_ secret: AccountSecretRecord) throws(DatabaseError) {
        try delete(of: secret.user, purpose: secret.purpose)
        try add(secret)
    }

    /// Adds a secret beside those that its user has for the same purpose.
    package func add(_ secret: AccountSecretRecord) throws(DatabaseError) {
        try connection.execute(
            AccountSecretStatement.deleteExpired,
            [.integer(secret.createdMs), .integer(Self.expiredDeletedMax)])
        try connection.execute(
            AccountSecretStatement.insert,
            [
                .blob(secret.secretSHA256), .identifier(secret.user), .text(secret.purpose),
                .text(secret.email), .integer(secret.createdMs), .integer(secret.expiresMs),
            ])
    }

    /// Takes a secret out: it works once. Nil when there is none, it is too old, or was for
    /// something else; then it stays as it is.
    package func take(
        secretSHA256: [UInt8], purposes: [String], nowMs: Int64
    ) throws(DatabaseError) -> AccountSecretRecord? {
        guard let found = try find(secretSHA256), found.expiresMs > nowMs,
            purposes.contains(found.purpose)
        else { return nil }
        try connection.execute(AccountSecretStatement.delete, [.blob(secretSHA256)])
        return found
    }

    package func delete(of user: Identifier, purpose: String) throws(DatabaseError) {
        try connection.execute(
            AccountSecretStatement.deleteOfUser, [.identifier(user), .text(purpose)])
    }

    /// Whose secret it is, for whatever purpose; nil when there is none or it is too old.
    package func owner(
        secretSHA256: [UInt8], nowMs: Int64
    ) throws(DatabaseError) -> Identifier? {
        guard let found = try find(secretSHA256), found.expiresMs > nowMs else { return nil }
        return found.user
    }

    /// Whose secret for this purpose it is, and leaves it as it is; nil when there is none or it is
    /// too old.
    package func owner(
        secretSHA256: [UInt8], purpose: String, nowMs: Int64
    ) throws(DatabaseError) -> Identifier? {
        guard let found = try find(secretSHA256), found.expiresMs > nowMs,
            found.purpose == purpose
        else { return nil }
        return found.user
    }

    private func find(_ secretSHA256: [UInt8]) throws(DatabaseError) -> AccountSecretRecord? {
        try connection.first(AccountSecretStatement.find, [.blob(secretSHA256)]) {
            (row) throws(DatabaseError) in
            AccountSecretRecord(
                secretSHA256: try row.blob(0), user: try row.identifier(1),
                purpose: try row.text(2), email: try row.optionalText(3),
                createdMs: try row.integer(4), expiresMs: try row.integer(5))
        }
    }
}
