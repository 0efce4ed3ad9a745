/// One's own account. `Protocol/accounts.md`.
public struct Account: Decodable, Hashable, Sendable, Identifiable {
    /// A UUID: the user's.
    public let id: String
    public let email: String
    /// Whether a letter to it was answered.
    public let emailVerified: Bool
    public let displayName: String
    public let avatarUrl: String?
    public let bio: String?
    /// Whether one can sign in with a password.
    public let hasPassword: Bool
    /// `google`, `apple` or `facebook`, when that is linked.
    public let provider: String?
    public let isAdmin: Bool
    /// Milliseconds since 1970, as all names that end so.
    public let createdAtMs: Int64
    public let updatedAtMs: Int64
    public let lastLoginAtMs: Int64?
}

/// How somebody likes things. `Protocol/accounts.md#preferences`.
public struct Preferences: Decodable, Hashable, Sendable {
    /// Of a new pattern, as the next two.
    public let defaultBpm: Int
    public let defaultKeyNote: Int
    public let defaultFlavor: String
    public let useGlassUI: Bool
    public let autoPlay: Bool
    public let showBeatNumbers: Bool
    /// 0...1, in hundredths.
    public let defaultVolume: Double
    /// `light`, `dark` or `auto`.
    public let theme: String
    public let language: String
    /// Whether the inbox counts.
    public let notificationsEnabled: Bool
    /// Whether digests are mailed.
    public let emailNotifications: Bool
}

/// Where somebody is signed in. `Protocol/accounts.md#sessions`.
public struct AccountSession: Decodable, Hashable, Sendable, Identifiable {
    /// A UUID; not the token.
    public let id: String
    /// From where it was opened.
    public let address: String?
    /// What the client called itself.
    public let agent: String?
    public let createdAtMs: Int64
    /// Noted at most hourly.
    public let lastUsedAtMs: Int64
    public let expiresMs: Int64
    /// Whether it is this client's.
    public let isCurrent: Bool
}
