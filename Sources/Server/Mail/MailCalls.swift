import Model
import Social
import Storage
import Transport
import Wire

/// What an account does by letter. `Protocol/mail.md`.
extension Shard {
    func requestVerification(
        _ params: JSON.Object, by caller: Caller, _ reply: Reply
    ) throws(WireError) {
        try write(
            RequestVerification(letters: services.letters), .accountRequestVerification, params,
            by: caller, reply)
    }

    /// Whoever has the secret may call, signed in as anybody or not at all.
    func verifyEmail(_ params: JSON.Object, _ reply: Reply) throws(WireError) {
        let secret = try Params(params).text("secret", in: 1...Limits.tokenCharactersMax)
        try write(
            VerifyEmail(letters: services.letters, secretSHA256: Letters.hash(secret)),
            .accountVerifyEmail, params, by: .guest, reply)
    }

    /// Compares the password away from the loop.
    func changeEmail(
        _ params: JSON.Object, by caller: Caller, _ reply: Reply
    ) throws(WireError) {
        let reader = Params(params)
        let email = try reader.text("email", in: 3...Limits.emailCharactersMax)
        let password = try reader.text("password", in: 1...Limits.passwordBytesMax)
        guard let user = caller.holder?.user else {
            throw WireError(.forbidden, "sign in first", allowed: "user")
        }
        let letters = services.letters
        let stored: @Sendable (any Connection) throws -> String? = {
            try UserStore($0).find(user)?.passwordHash
        }
        read(reply, stored) { (shard, hash) throws(WireError) in
            guard let hash else {
                throw WireError(
                    .unauthenticated, "this account has no password", path: "/password",
                    allowed: "set one with account.requestPasswordReset")
            }
            shard.onPasswordPool(reply, { PasswordHash.verify(password, against: hash) }) {
                (shard, verdict) throws(WireError) in
                guard verdict == .ok || verdict == .okNeedsRehash else {
                    throw WireError(.unauthenticated, "the password is wrong", path: "/password")
                }
                try shard.write(
                    ChangeEmail(letters: letters, email: email, passwordHash: hash),
                    .accountChangeEmail, params, by: caller, reply)
            }
        }
    }

    /// The same answer at the same time, whether there is an account or not.
    func requestPasswordReset(_ params: JSON.Object, _ reply: Reply) throws(WireError) {
        let email = try Params(params).text("email", in: 1...Limits.emailCharactersMax)
        let time = moment.elapsed + .milliseconds(Limits.signInRefusalMs)
        try write(
            RequestPasswordReset(
                letters: services.letters, emailNormalised: EmailAddress.normalised(email)),
            .accountRequestPasswordReset, params, by: .guest, reply,
            finish: { $0.answer($1, .json($2), notBefore: time) })
    }

    /// A secret that opens nothing costs no hash.
    func resetPassword(_ params: JSON.Object, _ reply: Reply) throws(WireError) {
        let reader = Params(params)
        let secret = try reader.text("secret", in: 1...Limits.tokenCharactersMax)
        let password = try reader.text("newPassword", in: 1...Limits.passwordBytesMax)
        let (secretSHA256, nowMs) = (Letters.hash(secret), moment.wallClockMs)
        let isOpen: @Sendable (any Connection) throws -> Bool = {
            try AccountSecretStore($0).isCurrent(secretSHA256: secretSHA256, nowMs: nowMs)
        }
        read(reply, isOpen) { (shard, isOpen) throws(WireError) in
            guard isOpen else { throw WireError.expiredSecret }
            shard.onPasswordPool(reply, { try? PasswordHash.hash(password) }) {
                (shard, hash) throws(WireError) in
                guard let hash else { throw WireError.busy }
                try shard.write(
                    ResetPassword(secretSHA256: secretSHA256, newHash: hash),
                    .accountResetPassword, params, by: .guest, reply)
            }
        }
    }

    /// What is done with a value, in a turn of this shard.
    private typealias Next<Value> = @Sendable (isolated Shard, Value) throws(WireError) -> Void

    /// Reads on a reader's thread, then goes on here.
    private func read<Value: Sendable>(
        _ reply: Reply, _ body: @escaping @Sendable (any Connection) throws -> Value,
        then next: @escaping Next<Value>
    ) {
        let isReading = services.reader.read(
            body,
            completion: { [self] result in
                post { shard in
                    switch result {
                    case .success(let value): shard.goOn(reply, value, next)
                    case .failure(let error):
                        shard.answer(reply, .failure(shard.unexpected(error)))
                    }
                }
            })
        if !isReading { answer(reply, .failure(WireError.busy)) }
    }

    /// Hashes on a password worker's thread, then goes on here.
    private func onPasswordPool<Value: Sendable>(
        _ reply: Reply, _ body: @escaping @Sendable () -> Value, then next: @escaping Next<Value>
    ) {
        let isQueued = services.passwords.submit { [self] in
            let value = body()
            post { $0.goOn(reply, value, next) }
        }
        if !isQueued { answer(reply, .failure(WireError.busy)) }
    }

    private func goOn<Value>(_ reply: Reply, _ value: Value, _ next: Next<Value>) {
        do throws(WireError) {
            try next(self, value)
        } catch {
            answer(reply, .failure(error))
        }
    }
}
