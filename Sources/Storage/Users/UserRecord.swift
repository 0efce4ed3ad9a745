package import Model

/// A row of `users`.
package struct UserRecord: Hashable, Sendable {
    package var id: Identifier
    /// As the person wrote it, 3 to 255 characters.
    package var email: String
    /// What uniqueness is judged by (case, composition); the caller normalises.
    package var emailNormalised: String
    /// PHC string or bcrypt, at most 255 characters; nil for people who sign in elsewhere.
    package var passwordHash: String?
    /// 1 to 100 characters.
    package var displayName: String
    package var avatarURL: String?
    package var bio: String?
    package var oauth: OAuthIdentity?
    package var emailVerified: Bool
    package var isActive: Bool
    package var isAdmin: Bool
    package var createdMs: Int64
    package var updatedMs: Int64
    package var lastLoginMs: Int64?
    /// Set while a deleted account waits for its hard deletion.
    package var deletedMs: Int64?
    /// Set while an administrator keeps it closed; written by administration only.
    package var bannedMs: Int64?

    package init(
        id: Identifier, email: String, emailNormalised: String, passwordHash: String?,
        displayName: String, avatarURL: String? = nil, bio: String? = nil,
        oauth: OAuthIdentity? = nil, emailVerified: Bool = false, isActive: Bool = true,
        isAdmin: Bool = false, createdMs: Int64, updatedMs: Int64? = nil,
        lastLoginMs: Int64? = nil, deletedMs: Int64? = nil
    ) {
        self.id = id
        self.email = email
        self.emailNormalised = emailNormalised
        self.passwordHash = passwordHash
        self.displayName = displayName
        self.avatarURL = avatarURL
        self.bio = bio
        self.oauth = oauth
        self.emailVerified = emailVerified
        self.isActive = isActive
        self.isAdmin = isAdmin
        self.createdMs = createdMs
        self.updatedMs = updatedMs ?? createdMs
        self.lastLoginMs = lastLoginMs
        self.deletedMs = deletedMs
    }
}

/// Who somebody is at another service; unique as a pair.
package struct OAuthIdentity: Hashable, Sendable {
    /// `google`, `facebook` or `apple`.
    package var provider: String
    package var subject: String

    package init(provider: String, subject: String) {
        self.provider = provider
        self.subject = subject
    }
}
