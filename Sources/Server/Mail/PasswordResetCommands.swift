import Model
import Social
import Storage
import Wire

/// `account.requestPasswordReset`.
struct RequestPasswordReset: Command {
    let letters: Letters
    let emailNormalised: String

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        // Before anything depends on whether there is an account.
        guard try !MailStore(call.connection).isFull() else { throw WireError.busy }
        guard let user = try UserStore(call.connection).find(emailNormalised: emailNormalised),
            user.state(nowMs: call.nowMs) != .gone
        else { return [:] }
        do {
            try letters.resetPassword(
                user, on: call.connection, nowMs: call.nowMs, &effects)
        } catch let error as WireError where error.name == .throttled {
            // Not told, either; nothing was written.
        }
        return [:]
    }
}

/// `account.resetPassword`, once the new password is hashed.
struct ResetPassword: Command {
    let secretSHA256: [UInt8]
    let newHash: String

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let users = UserStore(call.connection)
        let secrets = AccountSecretStore(call.connection)
        let taken = try secrets.take(
            secretSHA256: secretSHA256, purposes: [AccountSecret.Purpose.resetPassword.rawValue],
            nowMs: call.nowMs)
        guard let taken, let user = try users.find(taken.user), taken.email == user.email else {
            throw WireError.expiredSecret
        }
        try users.setPasswordHash(newHash, of: user.id, nowMs: call.nowMs)
        // Whoever made the account with an address that is not theirs would keep a way in.
        if !user.emailVerified, user.oauth != nil {
            try users.setIdentity(nil, of: user.id, nowMs: call.nowMs)
        }
        try users.setEmailVerified(of: user.id, nowMs: call.nowMs)
        // Whoever asked for another address with the old password is asked for the new one.
        try secrets.delete(of: user.id, purpose: AccountSecret.Purpose.changeEmail.rawValue)
        let ended = try SessionStore(call.connection).deleteAll(of: user.id)
        effects.append(.sessionsEnded(ended))
        return [:]
    }
}
