/// Every method of the protocol. `Protocol/wire.md#methods`; a test compares the two tables.
package enum Method: String, CaseIterable, Sendable {
    case sessionOpen = "session.open"
    case sessionRenew = "session.renew"
    case accountRegister = "account.register"
    case accountSignIn = "account.signIn"
    case accountSignOut = "account.signOut"
    case accountSignOutEverywhere = "account.signOutEverywhere"
    case accountSessions = "account.sessions"
    case accountRevokeSession = "account.revokeSession"
    case accountGet = "account.get"
    case accountUpdate = "account.update"
    case accountSetPreferences = "account.setPreferences"
    case accountChangePassword = "account.changePassword"
    case accountDeactivate = "account.deactivate"
    case accountDelete = "account.delete"
    case accountExport = "account.export"
    case heartbeat
    case patternCreate = "pattern.create"
    case patternGet = "pattern.get"
    case roomJoin = "room.join"
    case roomLeave = "room.leave"
    case roomEdit = "room.edit"
    case roomPresence = "room.presence"
    case roomHeal = "room.heal"

    /// The least that may call.
    package enum Caller: String, CaseIterable, Sendable {
        case anyone, guest, user, admin
    }

    package var description: MethodDescription {
        switch self {
        case .sessionOpen: SessionMethods.open
        case .heartbeat: SessionMethods.heartbeat
        case .sessionRenew: AccountMethods.renew
        case .accountRegister: AccountMethods.register
        case .accountSignIn: AccountMethods.signIn
        case .accountSignOut: AccountMethods.signOut
        case .accountSignOutEverywhere: AccountMethods.signOutEverywhere
        case .accountSessions: AccountMethods.sessions
        case .accountRevokeSession: AccountMethods.revokeSession
        case .accountGet: ProfileMethods.get
        case .accountUpdate: ProfileMethods.update
        case .accountSetPreferences: ProfileMethods.setPreferences
        case .accountChangePassword: ProfileMethods.changePassword
        case .accountDeactivate: ProfileMethods.deactivate
        case .accountDelete: ProfileMethods.delete
        case .accountExport: ProfileMethods.export
        case .patternCreate: PatternMethods.create
        case .patternGet: PatternMethods.get
        case .roomJoin: RoomMethods.join
        case .roomLeave: RoomMethods.leave
        case .roomEdit: RoomMethods.edit
        case .roomPresence: RoomMethods.presence
        case .roomHeal: RoomMethods.heal
        }
    }

    package var caller: Caller { description.caller }
    package var needsStream: Bool { description.needsStream }
}
