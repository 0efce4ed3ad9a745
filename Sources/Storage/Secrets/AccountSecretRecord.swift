package import Model

/// A row of `account_secrets`. The secret itself is never stored.
package struct AccountSecretRecord: Hashable, Sendable {
    /// 32 bytes.
    package var secretSHA256: [UInt8]
    package var user: Identifier
    /// `verify_email`, `change_email`, `reset_password` or `unsubscribe`.
    package var purpose: String
    /// The address that it was sent to.
    package var email: String?
    package var createdMs: Int64
    package var expiresMs: Int64

    package init(
        secretSHA256: [UInt8], user: Identifier, purpose: String, email: String?,
        createdMs: Int64, expiresMs: Int64
    ) {
        self.secretSHA256 = secretSHA256
        self.user = user
        self.purpose = purpose
        self.email = email
        self.createdMs = createdMs
        self.expiresMs = expiresMs
    }
}
