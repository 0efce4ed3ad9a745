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
            shard: self, reply: reply, params: params, email: try reader.text("email"),
            password: try reader.text("password"), client: ClientTrace(peer),
            nowMs: moment.wallClockMs)
        try PasswordRule.check(
            registration.password, email: registration.email, member: "password")
        services.journal.perform(registration.begin, completion: registration.begun)
    }
}

/// One registration, on its way through threads.
private struct Registration: Sendable {
    let shard: Shard
    let reply: Reply
    let params: JSON.Object
    let email: String
    let password: String
    let client: ClientTrace
    let nowMs: Int64

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
        case .success(true): refuse(.refused(CreateAccount.taken))
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

    private func write(hash: String) {
        shard.post { [self] shard in
            do throws(WireError) {
                let command = try CreateAccount(
                    params, passwordHash: hash, client: client, letters: shard.services.letters)
                // A guest's: there is nobody yet to remember it by.
                try shard.write(command, .accountRegister, params, by: .guest, reply)
            } catch {
                shard.answer(reply, .failure(error))
            }
        }
    }

    private func refuse(_ failure: OperationFailure) {
        shard.post { [self] in $0.answer(reply, .failure($0.error(of: failure))) }
    }
}

/// The account, its preferences and its first session, or nothing.
private struct CreateAccount: Command {
    static let taken = WireError(
        .taken, "this e-mail address has an account", path: "/email",
        allowed: "an address without an account; account.signIn if it is yours")

    private let email: String
    private let displayName: String
    private let language: String?
    private let passwordHash: String
    private let client: ClientTrace
    private let letters: Letters

    init(
        _ params: JSON.Object, passwordHash: String, client: ClientTrace, letters: Letters
    ) throws(WireError) {
        let reader = Params(params)
        email = try reader.text("email")
        displayName = try reader.text("displayName")
        language = try reader.optional("language", reader.text)
        self.passwordHash = passwordHash
        self.client = client
        self.letters = letters
    }

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = UserRecord(
            id: call.newIdentifier(), email: email,
            emailNormalised: EmailAddress.normalised(email), passwordHash: passwordHash,
            displayName: displayName, createdMs: call.nowMs)
        var preferences = PreferencesRecord(
            id: call.newIdentifier(), user: user.id, createdMs: call.nowMs)
        if let language { preferences.language = language }
        do throws(DatabaseError) {
            try UserStore(call.connection).insert(user, preferences: preferences)
        } catch .constraint(.unique, _) {
            // Somebody else was quicker.
            throw Self.taken
        }
        do {
            try letters.verify(
                user, email: email, on: call.connection, nowMs: call.nowMs, &effects)
        } catch is WireError {
            // Too many wait, or went to this address: another can be asked for.
        }
        return try SessionIssue(client: client, nowMs: call.nowMs)
            .open(for: user, on: call.connection, &effects)
    }
}
