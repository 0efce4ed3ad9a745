import Model
import Wire

extension SalsaClient {
    /// The account of whoever is signed in.
    public var account: AccountVerbs { AccountVerbs(client: self) }

    /// Ends the session, on the server too; the token is void. The client may sign in again.
    public func signOut() async throws(ClientError) {
        try await ask(.accountSignOut)
    }
}

/// The account of whoever is signed in: `client.account`. `Protocol/accounts.md`. Errors are as in
/// ``PatternVerbs``; `throttled` after too many wrong passwords.
public struct AccountVerbs: Sendable {
    let client: SalsaClient

    // MARK: - What is in it

    public func get() async throws(ClientError) -> Account {
        try await client.ask(.accountGet, at: "account")
    }

    /// Changes the public profile.
    /// - Throws: `refused` with the path of a member that is too long, or has characters that
    ///   cannot be told apart by eye.
    @discardableResult
    public func update(
        displayName: String? = nil, avatarUrl: Change<String> = .keep,
        bio: Change<String> = .keep
    ) async throws(ClientError) -> Account {
        try await client.ask(
            .accountUpdate,
            ["displayName": displayName, "avatarUrl": avatarUrl, "bio": bio], at: "account")
    }

    public func preferences() async throws(ClientError) -> Preferences {
        try await client.ask(.accountGet, at: "preferences")
    }

    /// Changes those that are given.
    @discardableResult
    public func setPreferences(
        defaultBpm: Int? = nil, defaultKeyNote: Int? = nil, defaultFlavor: String? = nil,
        useGlassUI: Bool? = nil, autoPlay: Bool? = nil, showBeatNumbers: Bool? = nil,
        defaultVolume: Double? = nil, theme: String? = nil, language: String? = nil,
        notificationsEnabled: Bool? = nil, emailNotifications: Bool? = nil
    ) async throws(ClientError) -> Preferences {
        try await client.ask(
            .accountSetPreferences,
            [
                "defaultBpm": defaultBpm, "defaultKeyNote": defaultKeyNote,
                "defaultFlavor": defaultFlavor, "useGlassUI": useGlassUI,
                "autoPlay": autoPlay, "showBeatNumbers": showBeatNumbers,
                "defaultVolume": defaultVolume, "theme": theme, "language": language,
                "notificationsEnabled": notificationsEnabled,
                "emailNotifications": emailNotifications,
            ], at: "preferences")
    }

    /// All that is kept of the user, as the text of a JSON object: an array for each section.
    public func export() async throws(ClientError) -> String {
        var sections = JSON.Object()
        var cursor: String?
        repeat {
            var params = JSON.Object()
            params["cursor"] = cursor.param
            let page: JSON = try await client.answer(.accountExport, params)
            guard let section = page["section"]?.string, let items = page["items"]?.array else {
                throw .unreadable("account.export")
            }
            sections[section] = .array((sections[section]?.array ?? []) + items)
            cursor = page["next"]?.string
        } while cursor != nil
        return String(decoding: JSON.object(sections).serialised(), as: UTF8.self)
    }

    // MARK: - Sessions

    /// Where the user is signed in; the last used first.
    public func sessions() async throws(ClientError) -> [AccountSession] {
        try await client.ask(.accountSessions, at: "sessions")
    }

    /// Ends one of them, and closes its connections.
    public func revokeSession(_ session: String) async throws(ClientError) {
        try await client.ask(.accountRevokeSession, ["session": session])
    }

    /// Ends all sessions, this one too.
    public func signOutEverywhere() async throws(ClientError) {
        try await client.ask(.accountSignOutEverywhere)
    }

    // MARK: - Password and address

    /// Changes the password, and ends the user's other sessions.
    /// - Throws: `refused` with `unauthenticated`, or `weakPassword`.
    public func changePassword(
        from password: String, to newPassword: String
    ) async throws(ClientError) {
        try await client.ask(
            .accountChangePassword, ["password": password, "newPassword": newPassword])
    }

    /// Sends another letter that confirms the account's address.
    public func requestVerification() async throws(ClientError) {
        try await client.ask(.accountRequestVerification)
    }

    /// Sends a letter to a new address, which becomes the account's by `verifyEmail`.
    public func changeEmail(
        to email: String, password: String
    ) async throws(ClientError) {
        try await client.ask(.accountChangeEmail, ["email": email, "password": password])
    }

    /// Confirms an address, or changes to it. Needs no session.
    /// - Parameter secret: of the letter's link.
    /// - Returns: the account's address.
    /// - Throws: `refused` with `expired`, or with `taken` when the address was faster elsewhere.
    @discardableResult
    public func verifyEmail(secret: String) async throws(ClientError) -> String {
        try await client.ask(.accountVerifyEmail, ["secret": secret], at: "email")
    }

    /// Sends a letter with which a new password is set, if there is such an account. Needs no
    /// session.
    public func requestPasswordReset(email: String) async throws(ClientError) {
        try await client.ask(.accountRequestPasswordReset, ["email": email])
    }

    /// Sets a new password, and ends all sessions of the account. Needs no session.
    public func resetPassword(
        secret: String, to newPassword: String
    ) async throws(ClientError) {
        try await client.ask(
            .accountResetPassword, ["secret": secret, "newPassword": newPassword])
    }

    // MARK: - Leaving

    /// Hides the account until its owner signs in again.
    /// - Parameter password: needed where there is one.
    public func deactivate(password: String? = nil) async throws(ClientError) {
        try await client.ask(.accountDeactivate, ["password": password])
    }

    /// Deletes the account; signing in within 30 days brings it back.
    /// - Returns: until when, in milliseconds since 1970.
    @discardableResult
    public func delete(password: String? = nil) async throws(ClientError) -> Int64 {
        try await client.ask(
            .accountDelete, ["password": password], at: "restorableUntilMs")
    }
}
