/// Every method of the protocol. `Protocol/wire.md#methods`; a test compares the two tables.
package enum Method: String, CaseIterable, Sendable {
    case sessionOpen = "session.open"
    case accountSignIn = "account.signIn"
    case accountRequestVerification = "account.requestVerification"
    case accountVerifyEmail = "account.verifyEmail"
    case accountChangeEmail = "account.changeEmail"
    case accountRequestPasswordReset = "account.requestPasswordReset"
    case accountResetPassword = "account.resetPassword"
    case accountProviders = "account.providers"
    case accountSignInWith = "account.signInWith"
    case accountLink = "account.link"
    case accountUnlink = "account.unlink"
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
        case .accountSignIn: AccountMethods.signIn
        case .accountRequestVerification: MailMethods.requestVerification
        case .accountVerifyEmail: MailMethods.verifyEmail
        case .accountChangeEmail: MailMethods.changeEmail
        case .accountRequestPasswordReset: MailMethods.requestPasswordReset
        case .accountResetPassword: MailMethods.resetPassword
        case .accountProviders: ProviderMethods.providers
        case .accountSignInWith: ProviderMethods.signInWith
        case .accountLink: ProviderMethods.link
        case .accountUnlink: ProviderMethods.unlink
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
