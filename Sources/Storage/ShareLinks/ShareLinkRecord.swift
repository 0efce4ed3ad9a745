package import Model

/// A link that gives a role to whoever opens it.
package struct ShareLinkRecord: Hashable, Sendable {
    package let id: Identifier
    package let pattern: Identifier
    /// 32 bytes; the secret itself is not kept.
    package let secretSHA256: [UInt8]
    /// `viewer` or `editor`.
    package let role: Role
    package let createdBy: Identifier?
    package let createdMs: Int64
    package let expiresMs: Int64

    package init(
        id: Identifier, pattern: Identifier, secretSHA256: [UInt8], role: Role,
        createdBy: Identifier?, createdMs: Int64, expiresMs: Int64
    ) {
        self.id = id
        self.pattern = pattern
        self.secretSHA256 = secretSHA256
        self.role = role
        self.createdBy = createdBy
        self.createdMs = createdMs
        self.expiresMs = expiresMs
    }
}
