import Logging
import Model
import Social
import Storage
import Transport
import Wire

/// `account.signIn`: count the attempt, hash, write a session; each away from the loop.
extension Shard {
    func signIn(_ params: JSON.Object, _ peer: Peer, _ reply: Reply) throws(WireError) {
        let reader = Params(params)
        let attempt = SignIn(
            shard: self, reply: reply,
            password: try reader.text("password"),
            client: ClientTrace(peer), startedAt: moment.elapsed, nowMs: moment.wallClockMs)
        let email = EmailAddress.normalised(try reader.text("email"))
        services.journal.perform(
            { try attempt.begin(email: email, on: $0) }, completion: attempt.begun)
    }
}

/// One attempt to sign in, on its way through threads.
private struct SignIn: Sendable {
    struct Begun: Sendable {
        let user: UserRecord?
        let reservation: Throttle.Reservation
    }

    let shard: Shard
    let reply: Reply
    let password: String
    let client: ClientTrace
    let startedAt: Duration
    let nowMs: Int64

    /// In a transaction.
    func begin(email: String, on connection: any Connection) throws -> Begun {
        let user = try UserStore(connection).find(emailNormalised: email)
        let isFamiliar = try user.map {
            try FamiliarNetworkStore(connection).isFamiliar(client.networkSHA256, to: $0.id)
        }
        let throttle = Throttle.password(
            emailNormalised: email, from: client, isFamiliar: isFamiliar ?? false)
        return Begun(user: user, reservation: try throttle.reserve(on: connection, nowMs: nowMs))
    }

    /// On the journal's queue. Also an unknown address costs a hash: the time says nothing.
    @Sendable
    func begun(_ result: Result<Begun, OperationFailure>) {
        switch result {
        case .failure(let failure): refuse(failure)
        case .success(let begun):
            let isQueued = shard.services.passwords.submit { check(begun) }
            if !isQueued { shard.post { [self] in $0.answer(reply, .failure(.busy)) } }
        }
    }

    /// On a password worker's thread.
    private func check(_ begun: Begun) {
        let stored = begun.user?.passwordHash
        let verdict = PasswordHash.verify(password, against: stored ?? PasswordHash.decoy)
        guard let user = begun.user, stored != nil else {
            refuseAsWrong()
            return
        }
        switch verdict {
        case .ok: open(user, begun.reservation, newHash: nil)
        case .okNeedsRehash:
            open(user, begun.reservation, newHash: try? PasswordHash.hash(password))
        case .wrong: refuseAsWrong()
        case .unreadable:
            shard.services.log.error(
                "a stored password hash is unreadable", metadata: ["user": "\(user.id)"])
            refuseAsWrong()
        }
    }

    private func open(_ user: UserRecord, _ reservation: Throttle.Reservation, newHash: String?) {
        shard.services.journal.perform(
            { connection in
                var effects: [Effect] = []
                let users = UserStore(connection)
                // The password may have been changed while this one was judged.
                guard let current = try users.find(user.id),
                    current.passwordHash == user.passwordHash
                else { throw WireError.wrongPassword }
                if let newHash {
                    try users.setPasswordHash(newHash, of: user.id, nowMs: nowMs)
                }
                let answer = try SessionIssue(client: client, nowMs: nowMs)
                    .open(for: current, on: connection, &effects)
                try reservation.release(on: connection)
                return (answer, effects)
            },
            completion: { result in
                switch result {
                case .success(let (answer, effects)):
                    shard.post { [self] in
                        $0.perform(effects[...]) { $0.answer(reply, .json(answer)) }
                    }
                case .failure(.refused(let error as WireError)) where error == .wrongPassword:
                    refuseAsWrong()
                case .failure(let failure): refuse(failure)
                }
            })
    }

    private func refuse(_ failure: OperationFailure) {
        shard.post { [self] in $0.answer(reply, .failure($0.error(of: failure))) }
    }

    /// Hashes of different kinds take different times, and an unknown address has none of its own:
    /// all refusals leave at one time after the question, or who asks could tell them apart.
    private func refuseAsWrong() {
        let time = startedAt + .milliseconds(Limits.signInRefusalMs)
        shard.post { [self] in $0.answer(reply, .failure(.wrongPassword), notBefore: time) }
    }
}
