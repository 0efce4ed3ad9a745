package import Model

/// Accounts and their preferences.
package struct UserStore {
    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Adds a user with preferences; a taken e-mail or identity is a `unique` constraint failure.
    package func insert(
        _ user: UserRecord, preferences: PreferencesRecord
    ) throws(DatabaseError) {
        try connection.execute(
            UserStatement.insert,
            [
                .identifier(user.id), .text(user.email), .text(user.emailNormalised),
                .text(user.passwordHash), .text(user.displayName), .text(user.avatarURL),
                .text(user.bio), .text(user.oauth?.provider), .text(user.oauth?.subject),
                .boolean(user.emailVerified), .boolean(user.isActive), .boolean(user.isAdmin),
                .integer(user.createdMs), .integer(user.updatedMs), .integer(user.lastLoginMs),
                .integer(user.deletedMs),
            ])
        try connection.execute(
            UserStatement.insertPreferences,
            [
                .identifier(preferences.id), .identifier(preferences.user),
                .integer(preferences.defaultBPM), .integer(preferences.defaultKeyNote),
                .text(preferences.defaultFlavor), .boolean(preferences.useGlassUI),
                .boolean(preferences.autoPlay), .boolean(preferences.showBeatNumbers),
                .real(preferences.defaultVolume), .text(preferences.theme),
                .text(preferences.language), .boolean(preferences.notificationsEnabled),
                .boolean(preferences.emailNotifications), .integer(preferences.createdMs),
                .integer(preferences.updatedMs),
            ])
    }

    /// The user with that normalised e-mail, deleted and inactive ones too: the caller decides what
    /// to tell whom.
    package func find(emailNormalised: String) throws(DatabaseError) -> UserRecord? {
        try connection.first(UserStatement.findByEmail, [.text(emailNormalised)], Self.user)
    }

    package func find(_ id: Identifier) throws(DatabaseError) -> UserRecord? {
        try connection.first(UserStatement.findByID, [.identifier(id)], Self.user)
    }

    package func find(_ identity: OAuthIdentity) throws(DatabaseError) -> UserRecord? {
        try connection.first(
            UserStatement.findByIdentity, [.text(identity.provider), .text(identity.subject)],
            Self.user)
    }

    package func setEmailVerified(of user: Identifier, nowMs: Int64) throws(DatabaseError) {
        try connection.execute(
            UserStatement.setEmailVerified, [.integer(nowMs), .identifier(user)])
    }

    /// An address that was confirmed; a taken one is a `unique` constraint failure.
    package func setEmail(
        _ email: String, normalised: String, of user: Identifier, nowMs: Int64
    ) throws(DatabaseError) {
        try connection.execute(
            UserStatement.setEmail,
            [.text(email), .text(normalised), .integer(nowMs), .identifier(user)])
    }

    /// A taken one is a `unique` constraint failure; nil takes it away.
    package func setIdentity(
        _ identity: OAuthIdentity?, of user: Identifier, nowMs: Int64
    ) throws(DatabaseError) {
        try connection.execute(
            UserStatement.setIdentity,
            [
                .text(identity?.provider), .text(identity?.subject), .integer(nowMs),
                .identifier(user),
            ])
    }

    /// Whether nobody has an account, deleted ones included.
    package func isEmpty() throws(DatabaseError) -> Bool {
        try connection.first(UserStatement.first, []) { (row) throws(DatabaseError) in
            try row.identifier(0)
        } == nil
    }

    package func preferences(of user: Identifier) throws(DatabaseError) -> PreferencesRecord? {
        try connection.first(
            UserStatement.findPreferences, [.identifier(user)], Self.preferences)
    }

    /// Returns false when there is no such user.
    @discardableResult
    package func setPasswordHash(
        _ hash: String, of user: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Bool {
        try connection.execute(
            UserStatement.setPasswordHash, [.text(hash), .integer(nowMs), .identifier(user)]) == 1
    }

    /// Returns false when there is no such user.
    @discardableResult
    package func touchLastLogin(
        of user: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Bool {
        try connection.execute(
            UserStatement.touchLastLogin, [.integer(nowMs), .identifier(user)]) == 1
    }

    /// Writes display name, avatar and words about oneself as the record has them.
    ///
    /// - Parameter isRenamed: whether the name is another one; then all their patterns are written.
    package func updateProfile(
        of user: UserRecord, isRenamed: Bool = true, nowMs: Int64
    ) throws(DatabaseError) {
        try connection.execute(
            UserStatement.updateProfile,
            [
                .text(user.displayName), .text(user.avatarURL), .text(user.bio), .integer(nowMs),
                .identifier(user.id),
            ])
        if isRenamed { try PatternSearchStore(connection).showAll(of: user.id) }
    }

    /// Writes all preferences as the record has them.
    package func update(
        _ preferences: PreferencesRecord, nowMs: Int64
    ) throws(DatabaseError) {
        try connection.execute(
            UserStatement.updatePreferences,
            [
                .integer(preferences.defaultBPM), .integer(preferences.defaultKeyNote),
                .text(preferences.defaultFlavor), .boolean(preferences.useGlassUI),
                .boolean(preferences.autoPlay), .boolean(preferences.showBeatNumbers),
                .real(preferences.defaultVolume), .text(preferences.theme),
                .text(preferences.language), .boolean(preferences.notificationsEnabled),
                .boolean(preferences.emailNotifications), .integer(nowMs),
                .identifier(preferences.user),
            ])
    }

    /// Hides an account, marks it as deleted, or brings it back.
    package func setPresence(
        isActive: Bool, deletedMs: Int64?, of user: Identifier, nowMs: Int64
    ) throws(DatabaseError) {
        try connection.execute(
            UserStatement.setPresence,
            [.boolean(isActive), .integer(deletedMs), .integer(nowMs), .identifier(user)])
    }

    private static func user(_ row: Row) throws(DatabaseError) -> UserRecord {
        let provider = try row.optionalText(7)
        let subject = try row.optionalText(8)
        var oauth: OAuthIdentity?
        if let provider, let subject { oauth = OAuthIdentity(provider: provider, subject: subject) }
        var record = UserRecord(
            id: try row.identifier(0), email: try row.text(1), emailNormalised: try row.text(2),
            passwordHash: try row.optionalText(3), displayName: try row.text(4),
            avatarURL: try row.optionalText(5), bio: try row.optionalText(6), oauth: oauth,
            emailVerified: try row.boolean(9), isActive: try row.boolean(10),
            isAdmin: try row.boolean(11), createdMs: try row.integer(12),
            updatedMs: try row.integer(13), lastLoginMs: try row.optionalInteger(14),
            deletedMs: try row.optionalInteger(15))
        record.bannedMs = try row.optionalInteger(16)
        return record
    }

    private static func preferences(_ row: Row) throws(DatabaseError) -> PreferencesRecord {
        var record = PreferencesRecord(
            id: try row.identifier(0), user: try row.identifier(1), createdMs: try row.integer(13))
        record.defaultBPM = try row.integer(2)
        record.defaultKeyNote = try row.integer(3)
        record.defaultFlavor = try row.text(4)
        record.useGlassUI = try row.boolean(5)
        record.autoPlay = try row.boolean(6)
        record.showBeatNumbers = try row.boolean(7)
        record.defaultVolume = try row.real(8)
        record.theme = try row.text(9)
        record.language = try row.text(10)
        record.notificationsEnabled = try row.boolean(11)
        record.emailNotifications = try row.boolean(12)
        record.updatedMs = try row.integer(14)
        return record
    }
}
