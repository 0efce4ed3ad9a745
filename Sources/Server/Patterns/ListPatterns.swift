import Model
import Social
import Storage
import Wire

/// `pattern.list`: the caller's own, or what somebody else has published.
struct ListPatterns: Query {
    /// Nil for the caller.
    let owner: Identifier?
    let page: PageRequest

    func answer(_ call: CallContext) throws -> JSON {
        let owner = try owner ?? call.signedIn()
        guard let user = try UserStore(call.connection).find(owner), user.isActive,
            user.deletedMs == nil
        else { throw WireError(.notFound, "no such user", path: "/owner") }
        let isOwn = owner == call.user
        let role: Role = isOwn ? .owner : call.user == nil ? .guest : .viewer
        let rows = try PatternStore(call.connection).page(
            owner: owner, publicOnly: !isOwn, after: page.bound, limit: page.limit)
        var patterns: [JSON] = []
        for record in rows.elements {
            // Among the public patterns of another there may be one in which the caller edits.
            let own = isOwn ? role : try call.access(to: record.id)?.role ?? role
            patterns.append(
                .object(
                    try PatternSummary(record, ownerName: user.displayName, role: own, call).json))
        }
        var answer: JSON.Object = ["patterns": .array(patterns)]
        if let next = rows.next { answer["next"] = .string(PageCursor.text(next)) }
        return .object(answer)
    }
}

/// `pattern.deleted`: what the caller can have back.
struct ListDeleted: Query {
    func answer(_ call: CallContext) throws -> JSON {
        let owner = try call.signedIn()
        let records = try PatternStore(call.connection)
            .deleted(owner: owner, sinceMs: call.nowMs - RestorePattern.spanMs)
        return [
            "patterns": .array(
                records.map { record in
                    let deletedMs = record.deletedMs ?? call.nowMs
                    return [
                        "pattern": .string(record.id.description),
                        "title": .string(record.content.title),
                        "deletedAtMs": .integer(deletedMs),
                        "restorableUntilMs": .integer(deletedMs + RestorePattern.spanMs),
                    ]
                })
        ]
    }
}
