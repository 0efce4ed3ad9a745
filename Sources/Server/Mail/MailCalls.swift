import Model
import Social
import Storage
import Transport
import Wire

/// From the methods of `Protocol/mail.md` to what does them.
extension Shard {
    /// Those that a secret, or an address, is enough for run as a guest's: whoever has it may call,
    /// signed in as anybody or not at all.
    ///
    /// - Parameter method: one of that page.
    func callMail(
        _ method: Wire.Method, _ params: JSON.Object, by caller: Caller, _ peer: Peer,
        _ reply: Reply
    ) throws(WireError) {
        let reader = Params(params)
        let letters = services.letters
        switch method {
        case .accountRequestVerification:
            try write(RequestVerification(letters: letters), method, params, by: caller, reply)
        case .accountVerifyEmail:
            let secret = try reader.text("secret")
            try write(
                VerifyEmail(letters: letters, secretSHA256: Secret.sha256(secret)), method,
                params, by: .guest, reply)
        case .accountChangeEmail:
            let email = try reader.text("email")
            try writeConfirmed(
                method, params, password: params["password"]?.string, needsPassword: true,
                by: caller, peer, reply
            ) { _ in ChangeEmail(letters: letters, email: email) }
        case .accountRequestPasswordReset: try requestPasswordReset(params, reply)
        case .accountResetPassword: try resetPassword(params, reply)
        default: throw WireError(.methodNotFound, "no method of letters")
        }
    }

    /// The same answer at the same time, whether there is an account or not.
    private func requestPasswordReset(
        _ params: JSON.Object, _ reply: Reply
    ) throws(WireError) {
        let email = try Params(params).text("email")
        let time = moment.elapsed + .milliseconds(Limits.signInRefusalMs)
        try write(
            RequestPasswordReset(
                letters: services.letters, emailNormalised: EmailAddress.normalised(email)),
            .accountRequestPasswordReset, params, by: .guest, reply,
            finish: { $0.answer($1, .json($2), notBefore: time) })
    }

    private func resetPassword(_ params: JSON.Object, _ reply: Reply) throws(WireError) {
        let reader = Params(params)
        let secret = try reader.text("secret")
        let reset = PasswordReset(
            shard: self, reply: reply, params: params, secretSHA256: Secret.sha256(secret),
            password: try reader.text("newPassword"),
            nowMs: moment.wallClockMs)
        let isReading = services.reader.read(
            { try reset.owner(on: $0) }, completion: reset.found)
        if !isReading { throw .busy }
    }
}

/// One new password, on its way through threads.
private struct PasswordReset: Sendable {
    let shard: Shard
    let reply: Reply
    let params: JSON.Object
    let secretSHA256: [UInt8]
    let password: String
    let nowMs: Int64

    /// A secret that opens nothing costs no hash. Nil: this is one.
    func owner(on connection: any Connection) throws -> UserRecord? {
        try AccountSecretStore(connection).owner(secretSHA256: secretSHA256, nowMs: nowMs)
            .flatMap { try UserStore(connection).find($0) }
    }

    /// On a reader's thread.
    @Sendable
    func found(_ result: Result<UserRecord?, any Error>) {
        switch result {
        case .failure(let error):
            shard.post { [self] in $0.answer(reply, .failure($0.unexpected(error))) }
        case .success(nil): refuse(.expiredSecret)
        case .success(.some(let user)):
            let isQueued = shard.services.passwords.submit { hash(for: user) }
            if !isQueued { refuse(.busy) }
        }
    }

    /// On a password worker's thread.
    private func hash(for user: UserRecord) {
        do {
            try PasswordRule.check(password, email: user.email, member: "newPassword")
            let command = ResetPassword(
                secretSHA256: secretSHA256, newHash: try PasswordHash.hash(password))
            shard.post { [self] shard in
                do throws(WireError) {
                    try shard.write(
                        command, .accountResetPassword, params, by: .guest, reply)
                } catch {
                    shard.answer(reply, .failure(error))
                }
            }
        } catch let error as WireError {
            refuse(error)
        } catch {
            shard.post { [self] in $0.answer(reply, .failure($0.unexpected(error))) }
        }
    }

    private func refuse(_ error: WireError) {
        shard.post { [self] in $0.answer(reply, .failure(error)) }
    }
}
