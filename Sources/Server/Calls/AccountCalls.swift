import Logging
import Model
import Social
import Storage
import Transport
import Wire

/// `account.signIn`: look up, hash, write a session; each away from the loop.
extension Shard {
    func signIn(_ params: JSON.Object, _ peer: Peer, _ reply: Reply) throws(WireError) {
        let reader = Params(params)
        let email = try reader.text("email", in: 1...Limits.emailCharactersMax)
        let password = try reader.text("password", in: 1...Limits.passwordBytesMax)
        let key = EmailAddress.normalised(email)
        let attempt = SignIn(
            shard: self, reply: reply, password: password,
            ipAddress: peer.socket.peerAddress?.host, startedAt: moment.elapsed,
            nowMs: moment.wallClockMs)
        let isReading = services.reader.read(
            { try UserStore($0).find(emailNormalised: key) }, completion: attempt.found)
        if !isReading { throw .busy }
    }
}

/// One attempt to sign in, on its way through threads.
private struct SignIn: Sendable {
    let shard: Shard
    let reply: Reply
    let password: String
    let ipAddress: String?
    let startedAt: Duration
    let nowMs: Int64

    /// On a reader's thread. Also an unknown address costs a hash: the time says nothing.
    @Sendable
    func found(_ result: Result<UserRecord?, any Error>) {
        switch result {
        case .failure(let error):
            shard.post { [self] in $0.answer(reply, .failure($0.unexpected(error))) }
        case .success(let user):
            let isQueued = shard.services.passwords.submit { check(user) }
            if !isQueued { refuse(.busy) }
        }
    }

    /// On a password worker's thread.
    private func check(_ user: UserRecord?) {
        let stored = user?.passwordHash ?? PasswordHash.decoy
        let verdict = PasswordHash.verify(password, against: stored)
        guard let user, user.passwordHash != nil, user.isActive, user.deletedMs == nil else {
            refuseAsWrong()
            return
        }
        switch verdict {
        case .ok: open(user, newHash: nil)
        case .okNeedsRehash: open(user, newHash: try? PasswordHash.hash(password))
        case .wrong: refuseAsWrong()
        case .unreadable:
            shard.services.log.error(
                "a stored password hash is unreadable", metadata: ["user": "\(user.id)"])
            refuseAsWrong()
        }
    }

    private func open(_ user: UserRecord, newHash: String?) {
        let token = SessionToken.make(RandomBytes.make(32))
        let nowMs = nowMs
        let session = SessionRecord(
            id: NewIdentifier.make(nowMs: nowMs), user: user.id,
            tokenSHA256: SessionToken.hash(token), ipAddress: ipAddress,
            expiresMs: nowMs + SessionToken.lifetimeMs, createdMs: nowMs)
        shard.services.journal.perform(
            { connection in
                // Some of the oldest with each new one, so that there is never a long job.
                _ = try SessionStore(connection).deleteExpired(
                    nowMs: nowMs, limit: SessionStore.expiredDeletedMax)
                try SessionStore(connection).insert(session)
                try UserStore(connection).touchLastLogin(of: user.id, nowMs: nowMs)
                if let newHash {
                    try UserStore(connection).setPasswordHash(newHash, of: user.id, nowMs: nowMs)
                }
            },
            completion: { result in
                switch result {
                case .success:
                    let answer: JSON = [
                        "token": .string(token), "expiresMs": .integer(session.expiresMs),
                        "user": [
                            "id": .string(user.id.description),
                            "displayName": .string(user.displayName),
                        ],
                    ]
                    shard.post { [self] in $0.answer(reply, .json(answer)) }
                case .failure(let failure):
                    shard.post { [self] in
                        $0.answer(reply, .failure($0.error(of: failure)))
                    }
                }
            })
    }

    private func refuse(_ error: WireError) {
        shard.post { [self] in $0.answer(reply, .failure(error)) }
    }

    /// Hashes of different kinds take different times, and an unknown address has none of its own:
    /// all refusals leave at one time after the question, or who asks could tell them apart.
    private func refuseAsWrong() {
        let error = WireError(.unauthenticated, "no account with this address and password")
        let time = startedAt + .milliseconds(Limits.signInRefusalMs)
        shard.post { [self] in $0.answer(reply, .failure(error), notBefore: time) }
    }
}

/// Ids for new rows.
enum NewIdentifier {
    static func make(nowMs: Int64) -> Identifier {
        var generator = SystemRandomNumberGenerator()
        return Identifier(timeMs: nowMs, random: (generator.next(), generator.next()))
    }
}

extension Shard {
    func error(of failure: OperationFailure) -> WireError {
        switch failure {
        case .unavailable: .readOnly
        case .busy: .busy
        case .refused(let error as WireError): error
        case .refused(let error): unexpected(error)
        }
    }
}
