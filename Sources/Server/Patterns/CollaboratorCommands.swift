import Model
import Social
import Storage
import Wire

/// `pattern.invite`: an offer, which gives nothing until it is accepted.
struct InviteCollaborator: Command {
    let pattern: Identifier
    let user: Identifier
    let role: Role

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        try call.requireAccess(to: pattern, .manageCollaborators)
        let caller = try call.signedIn()
        try PeopleRules.checkOther(user, than: caller)
        _ = try call.person(user)
        let invitee = try call.connection.access(of: user, to: pattern)
        if invitee?.standing == .blocked { throw PeopleRules.blocked("/user") }
        let collaborators = CollaboratorStore(call.connection)
        let former = try collaborators.find(user, of: pattern)
        guard former?.acceptedMs == nil else {
            throw WireError(
                .conflict, "they have a role already", path: "/user",
                allowed: "somebody without one; pattern.setRole changes a role",
                value: former.map { .string($0.role.rawValue) })
        }
        if former == nil { try call.checkCollaboratorCount(of: pattern) }
        try collaborators.write(
            user, of: pattern, role: role, invitedBy: caller, nowMs: call.nowMs, acceptedMs: nil)
        if former?.role != role {
            try call.notices.tell(
                NewNotice(.invitation, actor: caller, pattern: pattern, role: role), to: user)
        }
        return try call.collaborator(user, of: pattern)
    }
}

/// `pattern.answerInvitation`.
struct AnswerInvitation: Command {
    let pattern: Identifier
    let accepts: Bool

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.signedIn()
        let collaborators = CollaboratorStore(call.connection)
        guard let access = try call.access(to: pattern), access.isOpen,
            access.standing != .blocked,
            let invitation = try collaborators.find(user, of: pattern)
        else {
            throw WireError(.notFound, "no invitation to this pattern", path: "/pattern")
        }
        // A role that was taken up already stays; to give it up is pattern.removeCollaborator.
        guard invitation.acceptedMs == nil else {
            return ["role": .string(invitation.role.rawValue)]
        }
        guard accepts else {
            _ = try collaborators.delete(user, of: pattern)
            try call.notices.takeBack(.invitation, about: pattern, from: user)
            try call.notices.lookAgain(at: pattern)
            return ["role": .null]
        }
        try collaborators.write(
            user, of: pattern, role: invitation.role, invitedBy: nil, nowMs: call.nowMs,
            acceptedMs: call.nowMs)
        effects.append(.accessChanged(pattern))
        try call.notices.tell(
            NewNotice(.joined, actor: user, pattern: pattern, role: invitation.role),
            to: access.owner)
        return ["role": .string(invitation.role.rawValue)]
    }
}

/// `pattern.setRole`: of a collaborator, or of who is invited.
struct SetCollaboratorRole: Command {
    let pattern: Identifier
    let user: Identifier
    let role: Role

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        try call.requireAccess(to: pattern, .manageCollaborators)
        let collaborators = CollaboratorStore(call.connection)
        guard let former = try collaborators.find(user, of: pattern) else {
            throw Self.noCollaborator
        }
        if former.role != role {
            try collaborators.write(
                user, of: pattern, role: role, invitedBy: nil, nowMs: call.nowMs,
                acceptedMs: former.acceptedMs)
            if former.acceptedMs != nil { effects.append(.accessChanged(pattern)) }
            try call.notices.tell(
                NewNotice(
                    former.acceptedMs == nil ? .invitation : .role, actor: try call.signedIn(),
                    pattern: pattern, role: role), to: user)
        }
        return try call.collaborator(user, of: pattern)
    }

    static var noCollaborator: WireError {
        WireError(.notFound, "no collaborator of this pattern", path: "/user")
    }
}

/// `pattern.removeCollaborator`: by the owner, or to leave oneself.
struct RemoveCollaborator: Command {
    let pattern: Identifier
    let user: Identifier

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let caller = try call.signedIn()
        if user != caller {
            try call.requireAccess(to: pattern, .manageCollaborators)
        } else if try call.access(to: pattern)?.allows(.leave) != true,
            try CollaboratorStore(call.connection).find(user, of: pattern) == nil
        {
            // Who has neither a role nor an invitation; also one that left a moment ago.
            try call.requireAccess(to: pattern, .see)
        }
        let collaborators = CollaboratorStore(call.connection)
        let former = try collaborators.find(user, of: pattern)
        if try collaborators.delete(user, of: pattern) {
            effects.append(.accessChanged(pattern))
            try tell(isRole: former?.acceptedMs != nil, by: caller, call)
        }
        return [:]
    }

    private func tell(isRole: Bool, by caller: Identifier, _ call: CallContext) throws {
        try call.notices.takeBack(.invitation, about: pattern, from: user)
        if user != caller, isRole {
            try call.notices.tell(NewNotice(.role, actor: caller, pattern: pattern), to: user)
        }
        if let owner = try call.owner(of: pattern) {
            try call.notices.takeBack(
                NewNotice(.joined, actor: user, pattern: pattern), from: owner)
        }
    }
}

/// `pattern.collaborators`.
struct ListCollaborators: Query {
    let pattern: Identifier

    func answer(_ call: CallContext) throws -> JSON {
        try call.requireAccess(to: pattern, .seeCollaborators)
        let all = try CollaboratorStore(call.connection).all(of: pattern)
        return ["collaborators": .array(all.map(\.json))]
    }
}

/// `pattern.invitations`: patterns of others in which the caller has a role, or could have one.
struct ListInvitations: Query {
    let page: PageRequest

    func answer(_ call: CallContext) throws -> JSON {
        try CollaboratorStore(call.connection)
            .collaborations(
                of: try call.signedIn(), after: try page.bound(call), limit: page.limit
            ).json("invitations", page, call, \.json)
    }
}

extension CallContext {
    func checkCollaboratorCount(of pattern: Identifier) throws {
        let countMax = Limits.collaboratorsPerPatternMax
        guard try CollaboratorStore(connection).count(of: pattern) < countMax else {
            throw WireError(
                .limit, "too many collaborators", path: "/pattern",
                allowed: "\(countMax) collaborators, invited ones too")
        }
    }

    fileprivate func collaborator(_ user: Identifier, of pattern: Identifier) throws -> JSON {
        guard let record = try CollaboratorStore(connection).find(user, of: pattern) else {
            throw SetCollaboratorRole.noCollaborator
        }
        return ["collaborator": record.json]
    }
}

extension CollaboratorRecord {
    fileprivate var json: JSON {
        [
            "userId": .string(user.description), "displayName": .string(displayName),
            "role": .string(role.rawValue), "createdAtMs": .integer(createdMs),
            "acceptedAtMs": .orNull(acceptedMs),
        ]
    }
}

extension CollaborationRecord {
    fileprivate var json: JSON {
        [
            "pattern": .string(pattern.description), "title": .string(title),
            "userId": .string(owner.description), "ownerName": .string(ownerName),
            "role": .string(role.rawValue), "createdAtMs": .integer(createdMs),
            "acceptedAtMs": .orNull(acceptedMs),
        ]
    }
}
