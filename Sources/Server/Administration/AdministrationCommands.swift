import Model
import Social
import Storage
import Wire

/// `admin.setActive`: false bans, and ends all sessions at once.
struct SetActive: Command {
    let target: Identifier
    let isActive: Bool
    let reason: String

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        try call.requireAdministrator()
        guard isActive || target != call.user else {
            throw WireError(
                .forbidden, "one cannot ban oneself", path: "/user", allowed: "somebody else")
        }
        _ = try call.account(target)
        let store = AdministrationStore(call.connection)
        if isActive {
            try store.unban(target, nowMs: call.nowMs)
        } else {
            effects.append(.sessionsEnded(try store.ban(target, nowMs: call.nowMs)))
        }
        effects.append(.ownerChanged(target))
        try call.note(isActive ? .unban : .ban, target, reason: reason)
        return ["user": try call.account(target).json]
    }
}

/// `admin.setAdmin`: no session can do this, so a stolen one cannot.
struct SetAdministrator: Command {
    let target: Identifier
    let isAdmin: Bool
    let reason: String

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        guard call.isLocalAdministrator else {
            throw WireError(
                .forbidden, "only on the server's machine", allowed: "salsanor admin grant")
        }
        let account = try call.account(target)
        guard !isAdmin || account.state(nowMs: call.nowMs) == .present else {
            throw WireError(
                .forbidden, "this account is not in use", path: "/user",
                allowed: "an active account")
        }
        try AdministrationStore(call.connection)
            .setAdministrator(isAdmin, target, nowMs: call.nowMs)
        try call.note(
            isAdmin ? .grantAdministrator : .revokeAdministrator, target, reason: reason)
        return ["user": try call.account(target).json]
    }
}

/// `admin.removePattern`.
struct RemovePattern: Command {
    let pattern: Identifier
    let reason: String

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        try call.requireAdministrator()
        guard try PatternStore(call.connection).find(pattern) != nil else {
            throw PatternAccess.noPattern
        }
        let isRemoved = try AdministrationStore(call.connection)
            .removePattern(pattern, nowMs: call.nowMs)
        if isRemoved {
            try call.note(.removePattern, pattern, reason: reason)
            effects.append(.accessChanged(pattern))
        }
        return [:]
    }
}

/// `admin.restorePattern`.
struct AdministrativeRestore: Command {
    let pattern: Identifier
    let reason: String

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        try call.requireAdministrator()
        if try call.restore(pattern, &effects) {
            try call.note(.restorePattern, pattern, reason: reason)
        }
        return [:]
    }
}

/// `admin.removeComment`.
struct RemoveComment: Command {
    let comment: Identifier
    let reason: String

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        try call.requireAdministrator()
        let comments = CommentStore(call.connection)
        guard let found = try comments.find(comment) else { throw CommentRules.noComment }
        if try comments.empty(found, nowMs: call.nowMs) {
            try call.notices.takeBack(comment: comment)
            try call.publish(found, &effects)
            try call.note(.removeComment, comment, reason: reason)
        }
        return [:]
    }
}

/// `admin.revokeSession`.
struct RevokeSession: Command {
    let session: Identifier
    let reason: String

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        try call.requireAdministrator()
        guard let user = try AdministrationStore(call.connection).endSession(session) else {
            throw WireError(.notFound, "no such session", path: "/session")
        }
        try call.note(.revokeSession, session, reason: reason)
        effects.append(.sessionsEnded([session]))
        return ["user": .string(user.description)]
    }
}

extension CallContext {
    /// What the session said when it was opened may be over.
    func requireAdministrator() throws {
        if isLocalAdministrator { return }
        guard try ProfileStore(connection).isAdministrator(try signedIn()) else {
            throw WireError(.forbidden, "administrators only", allowed: "admin")
        }
    }

    /// Notes an act of the caller, in its transaction.
    func note(
        _ action: AdministrationRecord.Action, _ target: Identifier, reason: String
    ) throws(DatabaseError) {
        try AdministrationStore(connection).note(
            AdministrationRecord(
                id: newIdentifier(), administrator: user, action: action, target: target,
                reason: reason, createdMs: nowMs))
    }

    func account(_ id: Identifier) throws -> AccountRecord {
        guard let account = try AdministrationStore(connection).account(id) else {
            throw PeopleRules.noUser()
        }
        return account
    }
}
