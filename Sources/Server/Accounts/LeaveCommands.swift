import Model
import Social
import Storage
import Wire

/// `account.changePassword`, once the old one is known to be right.
struct ChangePassword: Command {
    let newHash: String

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.signedIn()
        try UserStore(call.connection).setPasswordHash(newHash, of: user, nowMs: call.nowMs)
        // Letters that who knew the old password asked for.
        for purpose in [AccountSecret.Purpose.changeEmail, .resetPassword] {
            try AccountSecretStore(call.connection).delete(of: user, purpose: purpose.rawValue)
        }
        let ended = try SessionStore(call.connection)
            .deleteAll(of: user, except: call.holder?.session)
        effects.append(.sessionsEnded(ended))
        return .object([:])
    }
}

/// `account.deactivate` and `account.delete`: others see the account and what is its own no more.
struct LeaveAccount: Command {
    let deletes: Bool

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.account()
        try UserStore(call.connection).setPresence(
            isActive: false, deletedMs: deletes ? call.nowMs : user.deletedMs, of: user.id,
            nowMs: call.nowMs)
        effects.append(.sessionsEnded(try SessionStore(call.connection).deleteAll(of: user.id)))
        effects.append(.ownerChanged(user.id))
        guard deletes else { return .object([:]) }
        return ["restorableUntilMs": .integer(call.nowMs + AccountState.restorableMs)]
    }
}
