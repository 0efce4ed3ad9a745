import Model
import Storage
import Wire

/// `account.get`.
struct GetAccount: Query {
    func answer(_ call: CallContext) throws -> JSON {
        let user = try call.account()
        return ["account": user.accountJSON, "preferences": try call.preferences(of: user).json]
    }
}

/// `account.update`.
struct UpdateProfile: Command {
    /// Checked params.
    let params: JSON.Object

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        var user = try call.account()
        let former = user.displayName
        if let name = params["displayName"]?.string { user.displayName = name }
        let isRenamed = !user.displayName.utf8.elementsEqual(former.utf8)
        // Each of their patterns is found by it.
        if isRenamed {
            _ = try Throttle.rename(of: user.id).reserve(on: call.connection, nowMs: call.nowMs)
        }
        // Null takes it away; missing leaves it.
        if let avatar = params["avatarUrl"] { user.avatarURL = avatar.string }
        if let bio = params["bio"] { user.bio = bio.string }
        user.updatedMs = call.nowMs
        try UserStore(call.connection)
            .updateProfile(of: user, isRenamed: isRenamed, nowMs: call.nowMs)
        if isRenamed { effects.append(.renamed(user.id, user.displayName)) }
        return ["account": user.accountJSON]
    }
}

/// `account.setPreferences`.
struct SetPreferences: Command {
    /// Checked params.
    let params: JSON.Object

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        var preferences = try call.preferences(of: try call.account())
        if let bpm = params["defaultBpm"]?.int { preferences.defaultBPM = bpm }
        if let key = params["defaultKeyNote"]?.int { preferences.defaultKeyNote = key }
        if let flavor = params["defaultFlavor"]?.string { preferences.defaultFlavor = flavor }
        if let flag = params["useGlassUI"]?.bool { preferences.useGlassUI = flag }
        if let flag = params["autoPlay"]?.bool { preferences.autoPlay = flag }
        if let flag = params["showBeatNumbers"]?.bool { preferences.showBeatNumbers = flag }
        if let volume = params["defaultVolume"]?.double {
            preferences.defaultVolume = (volume * 100).rounded(.toNearestOrEven) / 100
        }
        if let theme = params["theme"]?.string { preferences.theme = theme }
        if let language = params["language"]?.string { preferences.language = language }
        if let flag = params["notificationsEnabled"]?.bool {
            preferences.notificationsEnabled = flag
        }
        if let flag = params["emailNotifications"]?.bool { preferences.emailNotifications = flag }
        try UserStore(call.connection).update(preferences, nowMs: call.nowMs)
        return ["preferences": preferences.json]
    }
}

extension CallContext {
    func preferences(of user: UserRecord) throws -> PreferencesRecord {
        // Every account is made with a row.
        try UserStore(connection).preferences(of: user.id)
            ?? PreferencesRecord(id: user.id, user: user.id, createdMs: user.createdMs)
    }
}

extension UserRecord {
    /// What only its owner sees.
    var accountJSON: JSON {
        [
            "id": .string(id.description), "email": .string(email),
            "emailVerified": .bool(emailVerified), "displayName": .string(displayName),
            "avatarUrl": .orNull(avatarURL),
            "bio": .orNull(bio), "hasPassword": .bool(passwordHash != nil),
            "provider": oauth.map { .string($0.provider) } ?? .null, "isAdmin": .bool(isAdmin),
            "createdAtMs": .integer(createdMs), "updatedAtMs": .integer(updatedMs),
            "lastLoginAtMs": .orNull(lastLoginMs),
        ]
    }
}

extension PreferencesRecord {
    var json: JSON {
        [
            "defaultBpm": .integer(defaultBPM), "defaultKeyNote": .integer(defaultKeyNote),
            "defaultFlavor": .string(defaultFlavor), "useGlassUI": .bool(useGlassUI),
            "autoPlay": .bool(autoPlay), "showBeatNumbers": .bool(showBeatNumbers),
            "defaultVolume": JSON(defaultVolume), "theme": .string(theme),
            "language": .string(language), "notificationsEnabled": .bool(notificationsEnabled),
            "emailNotifications": .bool(emailNotifications),
        ]
    }
}
