import Model
import Social
import Storage
import Wire

/// A session for somebody who has shown who they are, by whichever way of signing in. It is made
/// inside the transaction that found out.
struct SessionIssue: Sendable {
    let client: ClientTrace
    let nowMs: Int64

    /// Signs in. A deactivated or deleted account comes back.
    ///
    /// - Parameter user: as it was read in the same transaction.
    /// - Returns: `{token, expiresMs, user}`.
    /// - Throws: `forbidden` when an administrator closed the account, `unauthenticated` when it
    ///   was deleted too long ago.
    func open(
        for user: UserRecord, on connection: any Connection, _ effects: inout [Effect]
    ) throws -> JSON {
        let users = UserStore(connection)
        switch user.state(nowMs: nowMs) {
        case .present: break
        case .deactivated, .deleted:
            try users.setPresence(isActive: true, deletedMs: nil, of: user.id, nowMs: nowMs)
            effects.append(.ownerChanged(user.id))
        case .gone: throw WireError.wrongPassword
        case .banned:
            throw WireError(.forbidden, "an administrator closed this account")
        }
        let token = Secret.make(prefix: SessionToken.prefix)
        let session = SessionRecord(
            id: NewIdentifier.make(nowMs: nowMs), user: user.id,
            tokenSHA256: Secret.sha256(token), ipAddress: client.address,
            userAgent: client.agent, expiresMs: nowMs + SessionToken.lifetimeMs, createdMs: nowMs)
        let sessions = SessionStore(connection)
        // Some of the oldest with each new one, so that there is never a long job.
        _ = try sessions.deleteExpired(nowMs: nowMs, limit: SessionStore.expiredDeletedMax)
        try sessions.insert(session)
        let ended = try sessions.deleteBeyond(Int64(Limits.sessionsPerUserMax), of: user.id)
        if !ended.isEmpty { effects.append(.sessionsEnded(ended)) }
        try users.touchLastLogin(of: user.id, nowMs: nowMs)
        try FamiliarNetworkStore(connection).note(
            client.networkSHA256, of: user.id, nowMs: nowMs)
        return [
            "token": .string(token), "expiresMs": .integer(session.expiresMs),
            "user": [
                "id": .string(user.id.description), "displayName": .string(user.displayName),
            ],
        ]
    }
}

extension UserRecord {
    func state(nowMs: Int64) -> AccountState {
        AccountState(
            isActive: isActive, bannedMs: bannedMs, deletedMs: deletedMs, nowMs: nowMs)
    }
}

extension WireError {
    /// Says neither whether there is an account nor what was wrong.
    static var wrongPassword: WireError {
        WireError(.unauthenticated, "no account with this address and password")
    }
}
