import Model
import Social
import Storage
import Wire

/// `account.signInWith`, once the token was found right.
struct SignInWithProvider: Command {
    let person: Providers.Person
    let client: ClientTrace
    let letters: Letters

    static var hidden: [String] { ["token"] }

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        try call.use(person.nonce)
        let found = try UserStore(call.connection).find(person.identity)
        return try SessionIssue(client: client, nowMs: call.nowMs).open(
            for: found ?? newUser(call, &effects), on: call.connection, &effects)
    }

    private func newUser(_ call: CallContext, _ effects: inout [Effect]) throws -> UserRecord {
        guard let claimed = person.email,
            case .string(let email)? = try? Self.email.check(.string(claimed))
        else {
            throw WireError(
                .forbidden, "the provider gave no e-mail address", path: "/idToken",
                allowed: "register with an address, then account.link")
        }
        let users = UserStore(call.connection)
        let key = EmailAddress.normalised(email)
        // Never linked by an address: whoever gets one would get into the account.
        guard try users.find(emailNormalised: key) == nil else {
            throw WireError(
                .taken, "an account with this e-mail address exists", path: "/idToken",
                allowed: "sign in to it, then account.link")
        }
        let user = UserRecord(
            id: call.newIdentifier(), email: email, emailNormalised: key, passwordHash: nil,
            displayName: FreshAccount.displayName(
                name: person.name, email: email, rule: Self.displayName),
            oauth: person.identity, emailVerified: person.emailVerified, createdMs: call.nowMs)
        try users.insert(
            user,
            preferences: PreferencesRecord(
                id: call.newIdentifier(), user: user.id, createdMs: call.nowMs))
        if !user.emailVerified {
            try letters.verify(
                user, email: email, on: call.connection, nowMs: call.nowMs, &effects)
        }
        return user
    }

    private static let email = Schema.text(3...Limits.emailCharactersMax, .email)
    private static let displayName = Schema.text(1...Limits.displayNameCharactersMax, .name)
}

/// `account.link`, once the token was found right.
struct LinkProvider: Command {
    let person: Providers.Person

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.account()
        try call.use(person.nonce)
        let users = UserStore(call.connection)
        if let other = try users.find(person.identity) {
            if other.id == user.id { return [:] }
            throw WireError(
                .taken, "another account is linked to this one of \(person.identity.provider)",
                path: "/idToken", allowed: "one that no account is linked to")
        }
        if let linked = user.oauth {
            throw WireError(
                .conflict, "this account is linked to \(linked.provider) already",
                path: "/provider", allowed: "account.unlink first",
                value: .string(linked.provider))
        }
        try users.setIdentity(person.identity, of: user.id, nowMs: call.nowMs)
        return [:]
    }
}

/// `account.unlink`.
struct UnlinkProvider: Command {
    let provider: ProviderName

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.account()
        guard user.oauth?.provider == provider.rawValue else {
            throw WireError(
                .notFound, "this account is not linked to \(provider.rawValue)",
                path: "/provider", value: user.oauth.map { .string($0.provider) })
        }
        guard user.passwordHash != nil else {
            throw WireError(
                .conflict, "it is the only way into this account", path: "/provider",
                allowed: "set a password first, with account.requestPasswordReset")
        }
        try UserStore(call.connection).setIdentity(nil, of: user.id, nowMs: call.nowMs)
        return [:]
    }
}

extension CallContext {
    /// - Throws: when it was used before.
    fileprivate func use(_ nonce: SignInNonce) throws {
        let isFirst = try NonceStore(connection).use(
            nonceSHA256: NonceIssuer.hash(nonce), expiresMs: nonce.expiresMs, nowMs: nowMs)
        guard isFirst else { throw WireError.wrongNonce }
    }
}
