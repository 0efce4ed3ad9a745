package import Model

/// A row of `sessions`. The token itself is never stored.
package struct SessionRecord: Hashable, Sendable {
    package var id: Identifier
    package var user: Identifier
    /// SHA-256 of the token, 32 bytes.
    package var tokenSHA256: [UInt8]
    package var ipAddress: String?
    package var userAgent: String?
    package var expiresMs: Int64
    package var createdMs: Int64
    package var lastUsedMs: Int64

    package init(
        id: Identifier, user: Identifier, tokenSHA256: [UInt8], ipAddress: String? = nil,
        userAgent: String? = nil, expiresMs: Int64, createdMs: Int64, lastUsedMs: Int64? = nil
    ) {
        self.id = id
        self.user = user
        self.tokenSHA256 = tokenSHA256
        self.ipAddress = ipAddress
        self.userAgent = userAgent
        self.expiresMs = expiresMs
        self.createdMs = createdMs
        self.lastUsedMs = lastUsedMs ?? createdMs
    }
}

/// Who a token stands for.
package struct SessionHolder: Hashable, Sendable {
    package var session: Identifier
    package var user: Identifier
    package var displayName: String
    package var isAdmin: Bool
    package var expiresMs: Int64
    package var lastUsedMs: Int64
}
