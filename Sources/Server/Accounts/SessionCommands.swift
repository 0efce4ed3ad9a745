import Model
import Storage
import Wire

struct SignOut: Command {
    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        if let session = call.holder?.session {
            try SessionStore(call.connection).delete(session)
            effects.append(.sessionsEnded([session]))
        }
        return .object([:])
    }
}

struct SignOutEverywhere: Command {
    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let ended = try SessionStore(call.connection).deleteAll(of: try call.signedIn())
        effects.append(.sessionsEnded(ended))
        return ["sessionCount": .integer(Int64(ended.count))]
    }
}

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

struct ListOwnSessions: Query {
    func answer(_ call: CallContext) throws -> JSON {
        let sessions = try SessionStore(call.connection)
            .list(of: try call.signedIn(), nowMs: call.nowMs)
        return [
            "sessions": .array(sessions.map { $0.json(isCurrent: $0.id == call.holder?.session) })
        ]
    }
}

extension SessionRecord {
    /// As `account.sessions` gives it.
    func json(isCurrent: Bool) -> JSON {
        [
            "id": .string(id.description), "address": ipAddress.map { .string($0) } ?? .null,
            "agent": userAgent.map { .string($0) } ?? .null, "createdAtMs": .integer(createdMs),
            "lastUsedAtMs": .integer(lastUsedMs), "expiresMs": .integer(expiresMs),
            "isCurrent": .bool(isCurrent),
        ]
    }
}
