import Model
import Social
import Storage
import Wire

/// `account.requestVerification`.
struct RequestVerification: Command {
    let letters: Letters

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.account()
        if user.emailVerified { return [:] }
        try letters.verify(
            user, email: user.email, on: call.connection, nowMs: call.nowMs, &effects)
        return [:]
    }
}

/// `account.changeEmail`, once the password was found right.
struct ChangeEmail: Command {
    let letters: Letters
    let email: String

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.account()
        try letters.verify(
            user, .changeEmail, email: email, on: call.connection, nowMs: call.nowMs, &effects)
        if EmailAddress.normalised(email) != user.emailNormalised {
            try letters.emailChangeAsked(
                user, to: email, on: call.connection, nowMs: call.nowMs, &effects)
        }
        return [:]
    }
}

/// `account.verifyEmail`.
struct VerifyEmail: Command {
    let letters: Letters
    let secretSHA256: [UInt8]

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let secrets = AccountSecretStore(call.connection)
        let users = UserStore(call.connection)
        let purposes: [AccountSecret.Purpose] = [.verifyEmail, .changeEmail]
        let taken = try secrets.take(
            secretSHA256: secretSHA256, purposes: purposes.map(\.rawValue), nowMs: call.nowMs)
        guard let taken, let email = taken.email, let user = try users.find(taken.user) else {
            throw WireError.expiredSecret
        }
        if taken.purpose == AccountSecret.Purpose.verifyEmail.rawValue {
            guard email == user.email else { throw WireError.expiredSecret }
            try users.setEmailVerified(of: user.id, nowMs: call.nowMs)
            return ["email": .string(email)]
        }
        let key = EmailAddress.normalised(email)
        if let other = try users.find(emailNormalised: key), other.id != user.id {
            throw WireError(
                .taken, "another account has this address", path: "/secret",
                allowed: "an address without an account")
        }
        try letters.emailChanged(
            user, to: email, on: call.connection, nowMs: call.nowMs, &effects)
        try users.setEmail(email, normalised: key, of: user.id, nowMs: call.nowMs)
        // What was sent to the old address opens nothing any more.
        for purpose in [AccountSecret.Purpose.verifyEmail, .resetPassword] {
            try secrets.delete(of: user.id, purpose: purpose.rawValue)
        }
        return ["email": .string(email)]
    }
}

extension WireError {
    /// The same for unknown, used, replaced and old ones.
    static var expiredSecret: WireError {
        WireError(
            .expired, "this link works no more", path: "/secret",
            allowed: "the secret of the latest letter, once, in time")
    }
}
