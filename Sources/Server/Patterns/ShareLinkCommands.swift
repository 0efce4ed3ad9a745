import Model
import Social
import Storage
import Wire

/// `pattern.share`: a secret that gives a role to whoever opens it.
struct SharePattern: Command {
    static var hidden: [String] { ["secret"] }
    private static let dayMs: Int64 = 86_400_000

    let pattern: Identifier
    let role: Role
    /// Nil for `shareLinkDays` from now.
    let expiresMs: Int64?

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        try call.requireAccess(to: pattern, .manageCollaborators)
        let expiresMs = expiresMs ?? call.nowMs + Int64(Limits.shareLinkDays) * Self.dayMs
        let lastMs = call.nowMs + Int64(Limits.shareLinkDaysMax) * Self.dayMs
        guard call.nowMs < expiresMs, expiresMs <= lastMs else {
            throw WireError(
                .invalidParams, "expiresMs is not valid", path: "/expiresMs",
                allowed: "a time from now to \(lastMs)", value: .integer(expiresMs))
        }
        let links = ShareLinkStore(call.connection)
        let countMax = Limits.shareLinksPerPatternMax
        guard try links.all(of: pattern, nowMs: call.nowMs).count < countMax else {
            throw WireError(
                .limit, "too many share links", path: "/pattern", allowed: "\(countMax) links")
        }
        let secret = Secret.make(prefix: "sl_")
        let link = ShareLinkRecord(
            id: call.newIdentifier(), pattern: pattern,
            secretSHA256: Secret.sha256(secret), role: role, createdBy: call.user,
            createdMs: call.nowMs, expiresMs: expiresMs)
        try links.insert(link)
        return ["link": link.json, "secret": .string(secret)]
    }
}

/// `pattern.unshare`.
struct UnsharePattern: Command {
    let link: Identifier

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let links = ShareLinkStore(call.connection)
        guard let found = try links.find(link),
            try call.access(to: found.pattern)?.allows(.manageCollaborators) == true
        else { throw WireError(.notFound, "no such link", path: "/link") }
        try links.delete(link)
        return [:]
    }
}

/// `pattern.openLink`: never lowers a role that one has.
struct OpenLink: Command {
    let secret: String

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let user = try call.signedIn()
        guard
            let link = try ShareLinkStore(call.connection)
                .find(secretSHA256: Secret.sha256(secret), nowMs: call.nowMs),
            let access = try call.access(to: link.pattern), access.isOpen
        else {
            throw WireError(
                .expired, "this link is not valid any more", path: "/secret",
                allowed: "the secret of pattern.share")
        }
        if access.standing == .blocked { throw PeopleRules.blocked("/secret") }
        if user != access.owner {
            try join(link, user, owner: access.owner, call, &effects)
        }
        return ["pattern": .string(link.pattern.description)]
    }

    private func join(
        _ link: ShareLinkRecord, _ user: Identifier, owner: Identifier, _ call: CallContext,
        _ effects: inout [Effect]
    ) throws {
        let collaborators = CollaboratorStore(call.connection)
        let former = try collaborators.find(user, of: link.pattern)
        let role = former?.role == .editor ? .editor : link.role
        if former?.role == role, former?.acceptedMs != nil { return }
        if former == nil { try call.checkCollaboratorCount(of: link.pattern) }
        try collaborators.write(
            user, of: link.pattern, role: role, invitedBy: link.createdBy, nowMs: call.nowMs,
            acceptedMs: former?.acceptedMs ?? call.nowMs)
        effects.append(.accessChanged(link.pattern))
        if former?.acceptedMs == nil {
            try call.notices.tell(
                NewNotice(.joined, actor: user, pattern: link.pattern, role: role), to: owner)
        }
    }
}

/// `pattern.links`.
struct ListLinks: Query {
    let pattern: Identifier

    func answer(_ call: CallContext) throws -> JSON {
        try call.requireAccess(to: pattern, .manageCollaborators)
        let links = try ShareLinkStore(call.connection).all(of: pattern, nowMs: call.nowMs)
        return ["links": .array(links.map(\.json))]
    }
}

extension ShareLinkRecord {
    var json: JSON {
        [
            "id": .string(id.description), "pattern": .string(pattern.description),
            "role": .string(role.rawValue), "createdAtMs": .integer(createdMs),
            "expiresMs": .integer(expiresMs),
        ]
    }
}
