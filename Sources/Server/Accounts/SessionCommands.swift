import Model
import Storage
import Wire

/// `account.signOut`.
struct SignOut: Command {
    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        if let session = call.holder?.session {
            try SessionStore(call.connection).delete(session)
            effects.append(.sessionsEnded([session]))
        }
        return .object([:])
    }
}

/// `account.signOutEverywhere`.
struct SignOutEverywhere: Command {
    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let ended = try SessionStore(call.connection).deleteAll(of: try call.signedIn())
        effects.append(.sessionsEnded(ended))
        return ["sessionCount": .integer(Int64(ended.count))]
    }
}

/// `account.revokeSession`.
struct RevokeOwnSession: Command {
    let session: Identifier

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        guard try SessionStore(call.connection).delete(session, of: try call.signedIn()) else {
            throw WireError(
                .notFound, "no such session of yours", path: "/session",
                allowed: "an id of account.sessions")
        }
        effects.append(.sessionsEnded([session]))
        return .object([:])
    }
}

/// `account.sessions`.
struct ListOwnSessions: Query {
    func answer(_ call: CallContext) throws -> JSON {
        try call.sessions(of: try call.signedIn())
    }
}

extension CallContext {
    /// The result of `account.sessions`, and of `admin.sessions`.
    func sessions(of user: Identifier) throws(DatabaseError) -> JSON {
        let sessions = try SessionStore(connection).list(of: user, nowMs: nowMs)
        return ["sessions": .array(sessions.map { $0.json(isCurrent: $0.id == holder?.session) })]
    }
}

extension SessionRecord {
    /// `Session` of the methods' schemas.
    func json(isCurrent: Bool) -> JSON {
        [
            "id": .string(id.description), "address": .orNull(ipAddress),
            "agent": .orNull(userAgent), "createdAtMs": .integer(createdMs),
            "lastUsedAtMs": .integer(lastUsedMs), "expiresMs": .integer(expiresMs),
            "isCurrent": .bool(isCurrent),
        ]
    }
}
