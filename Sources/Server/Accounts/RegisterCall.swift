import Model
import Social
import Storage
import Transport
import Wire

/// `account.register`: count it, hash, write the account; each away from the loop.
extension Shard {
    func register(_ params: JSON.Object, _ peer: Peer, _ reply: Reply) throws(WireError) {
        let reader = Params(params)
        let registration = Registration(
            shard: self, reply: reply,
            email: try reader.text("email"),
            password: try reader.text("password"),
            displayName: try reader.text("displayName"),
            language: try reader.optional("language", reader.text),
            client: ClientTrace(peer), nowMs: moment.wallClockMs)
        try PasswordRule.check(
            registration.password, email: registration.email, member: "password")
        services.journal.perform(registration.begin, completion: registration.begun)
    }
}

/// One registration, on its way through threads.
private struct Registration: Sendable {
    let shard: Shard
    let reply: Reply
    let email: String
    let password: String
    let displayName: String
    let language: String?
    let client: ClientTrace
    let nowMs: Int64

    private static let taken = WireError(
        .taken, "this e-mail address has an account", path: "/email",
        allowed: "an address without an account; account.signIn if it is yours")

    /// In a transaction. Returns rather than throws that the address is taken: that counts, too.
    @Sendable
    func begin(on connection: any Connection) throws -> Bool {
        _ = try Throttle.registration(from: client)?.reserve(on: connection, nowMs: nowMs)
        return try UserStore(connection)
            .find(emailNormalised: EmailAddress.normalised(email)) != nil
    }

    /// On the journal's queue.
    @Sendable
    func begun(_ result: Result<Bool, OperationFailure>) {
        switch result {
        case .failure(let failure): refuse(failure)
        case .success(true): refuse(.refused(Self.taken))
        case .success(false):
            let isQueued = shard.services.passwords.submit {
                do {
                    write(hash: try PasswordHash.hash(password))
                } catch {
                    refuse(.refused(error))
                }
            }
            if !isQueued { refuse(.busy) }
        }
    }

    /// The account, its preferences and its first session, or nothing.
    private func write(hash: String) {
        shard.services.journal.perform(
            { connection in
                var effects: [Effect] = []
                let user = UserRecord(
                    id: NewIdentifier.make(nowMs: nowMs), email: email,
                    emailNormalised: EmailAddress.normalised(email), passwordHash: hash,
                    displayName: displayName, createdMs: nowMs)
                var preferences = PreferencesRecord(
                    id: NewIdentifier.make(nowMs: nowMs), user: user.id, createdMs: nowMs)
                if let language { preferences.language = language }
                do throws(DatabaseError) {
                    try UserStore(connection).insert(user, preferences: preferences)
                } catch .constraint(.unique, _) {
                    // Somebody else was quicker.
                    throw Self.taken
                }
                do {
                    try shard.services.letters.verify(
                        user, email: email, on: connection, nowMs: nowMs, &effects)
                } catch is WireError {
                    // Too many wait, or went to this address: another can be asked for.
                }
                let answer = try SessionIssue(client: client, nowMs: nowMs)
                    .open(for: user, on: connection, &effects)
                return (answer, effects)
            },
            completion: { result in
                switch result {
                case .success(let (answer, effects)):
                    shard.post { [self] in
                        $0.perform(effects[...]) { $0.answer(reply, .json(answer)) }
                    }
                case .failure(let failure): refuse(failure)
                }
            })
    }

    private func refuse(_ failure: OperationFailure) {
        shard.post { [self] in $0.answer(reply, .failure($0.error(of: failure))) }
    }
}
