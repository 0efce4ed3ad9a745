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
        let user = try call.person(owner, path: "/owner")
        let isOwn = owner == call.user
        let role: Role = isOwn ? .owner : call.user == nil ? .guest : .viewer
        let rows = try PatternStore(call.connection).page(
            owner: owner, publicOnly: !isOwn, after: try page.bound(call), limit: page.limit)
        return try rows.json("patterns", page, call) { record in
            // Among the public patterns of another there may be one in which the caller edits.
            let own = isOwn ? role : try call.access(to: record.id)?.role ?? role
            return .object(
                try PatternSummary(record, ownerName: user.displayName, role: own, call).json)
        }
    }
}

/// `pattern.deleted`: what the caller can have back.
struct ListDeleted: Query {
    let page: PageRequest

    func answer(_ call: CallContext) throws -> JSON {
        let owner = try call.signedIn()
        return try PatternStore(call.connection)
            .deleted(
                owner: owner, sinceMs: call.nowMs - RestorePattern.spanMs,
                after: try page.bound(call), limit: page.limit
            ).json("patterns", page, call) { record in
                let deletedMs = record.deletedMs ?? call.nowMs
                return [
                    "pattern": .string(record.id.description),
                    "title": .string(record.content.title),
                    "deletedAtMs": .integer(deletedMs),
                    "restorableUntilMs": .integer(deletedMs + RestorePattern.spanMs),
                ]
            }
    }
}
