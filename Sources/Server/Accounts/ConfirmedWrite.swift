import Logging
import Model
import Social
import Storage
import Transport
import Wire

/// Writes that the password of the account stands behind.
extension Shard {
    /// Checks the password, then runs the command, in the same way as any other write.
    ///
    /// - Parameters:
    ///   - password: nil when none was given, which will do only for an account without one.
    ///   - needsPassword: an account without one is refused.
    ///   - make: on a password worker's thread, once the password is known to be right.
    func writeConfirmed<C: Command>(
        _ method: Wire.Method, _ params: JSON.Object, password: String?, needsPassword: Bool,
        by caller: Caller, _ peer: Peer, _ reply: Reply,
        make: @escaping @Sendable (UserRecord) throws -> C
    ) throws(WireError) {
        guard let holder = caller.holder else { throw WireError(.forbidden, "sign in first") }
        let confirmation = Confirmation(
            shard: self, reply: reply, method: method, params: params, caller: caller,
            user: holder.user, operation: try Params(params).identifier("opId"),
            password: password, needsPassword: needsPassword, client: ClientTrace(peer),
            startedAt: moment.elapsed, nowMs: moment.wallClockMs, make: make)
        services.journal.perform(confirmation.begin, completion: confirmation.begun)
    }
}

private struct Confirmation<C: Command>: Sendable {
    struct Begun: Sendable {
        let user: UserRecord
        /// Nil when there is nothing to check: no password, or an answer that was given before.
        let reservation: Throttle.Reservation?
        let isSentAgain: Bool
    }

    let shard: Shard
    let reply: Reply
    let method: Wire.Method
    let params: JSON.Object
    let caller: Caller
    let user: Identifier
    let operation: Identifier
    let password: String?
    let needsPassword: Bool
    let client: ClientTrace
    let startedAt: Duration
    let nowMs: Int64
    let make: @Sendable (UserRecord) throws -> C

    /// In a transaction.
    @Sendable
    func begin(on connection: any Connection) throws -> Begun {
        guard let user = try UserStore(connection).find(user) else {
            throw WireError(.unauthenticated, "the account is gone")
        }
        // Sent again: then the password may be another one by now.
        if try OperationStore(connection).find(operation, of: user.id, nowMs: nowMs) != nil {
            return Begun(user: user, reservation: nil, isSentAgain: true)
        }
        guard user.passwordHash != nil else {
            if needsPassword {
                throw WireError(
                    .forbidden, "this account has no password yet",
                    allowed: "account.requestPasswordReset")
            }
            return Begun(user: user, reservation: nil, isSentAgain: false)
        }
        guard password != nil else { throw Params(params).refused("password", allowed: "text") }
        let isFamiliar = try FamiliarNetworkStore(connection)
            .isFamiliar(client.networkSHA256, to: user.id)
        return Begun(
            user: user,
            reservation: try Throttle.password(
                emailNormalised: user.emailNormalised, from: client, isFamiliar: isFamiliar
            ).reserve(on: connection, nowMs: nowMs), isSentAgain: false)
    }

    /// On the journal's queue.
    @Sendable
    func begun(_ result: Result<Begun, OperationFailure>) {
        switch result {
        case .failure(let failure): refuse(failure)
        case .success(let begun):
            let isQueued = shard.services.passwords.submit { check(begun) }
            if !isQueued { refuse(.busy) }
        }
    }

    /// On a password worker's thread.
    private func check(_ begun: Begun) {
        if begun.reservation != nil, let hash = begun.user.passwordHash, let password {
            switch PasswordHash.verify(password, against: hash) {
            case .ok, .okNeedsRehash: break
            case .wrong, .unreadable:
                let error = WireError(
                    .unauthenticated, "this is not the password", path: "/password")
                let time = startedAt + .milliseconds(Limits.signInRefusalMs)
                shard.post { [self] in $0.answer(reply, .failure(error), notBefore: time) }
                return
            }
        }
        do {
            let command = Confirmed(
                command: try make(begun.user), passwordHash: begun.user.passwordHash,
                reservation: begun.reservation, isSentAgain: begun.isSentAgain)
            shard.post { [self] shard in
                do throws(WireError) {
                    try shard.write(command, method, params, by: caller, reply)
                } catch {
                    shard.answer(reply, .failure(error))
                }
            }
        } catch {
            refuse(.refused(error))
        }
    }

    private func refuse(_ failure: OperationFailure) {
        shard.post { [self] in $0.answer(reply, .failure($0.error(of: failure))) }
    }
}

/// A command with the password that was right for it.
private struct Confirmed<C: Command>: Command {
    let command: C
    let passwordHash: String?
    let reservation: Throttle.Reservation?
    let isSentAgain: Bool

    static var hidden: [String] { C.hidden }

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        // Its answer was forgotten a moment ago: nobody has checked a password for this.
        guard !isSentAgain else { throw WireError.busy }
        let user = try call.account()
        // Between the check and this transaction it may have been changed.
        guard user.passwordHash == passwordHash else {
            throw WireError(.unauthenticated, "this is not the password", path: "/password")
        }
        let answer = try command.perform(call, &effects)
        try reservation?.release(on: call.connection)
        return answer
    }
}

extension CallContext {
    /// The caller's own row.
    func account() throws -> UserRecord {
        guard let user = try UserStore(connection).find(try signedIn()) else {
            throw WireError(.unauthenticated, "the account is gone")
        }
        return user
    }
}
