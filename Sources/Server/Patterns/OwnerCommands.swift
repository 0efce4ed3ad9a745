import Model
import Social
import Storage
import Wire

/// `pattern.publish` and `pattern.unpublish`.
struct SetPublic: Command {
    let pattern: Identifier
    let isPublic: Bool

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        try call.requireAccess(to: pattern, .publish)
        let isChanged = try PatternStore(call.connection)
            .setPublic(isPublic, pattern, nowMs: call.nowMs)
        if isChanged {
            effects.append(.accessChanged(pattern))
            if isPublic {
                try call.note(.patternPublished, of: pattern, by: try call.signedIn())
            }
        }
        return ["pattern": .string(pattern.description)]
    }
}

/// `pattern.delete`.
struct DeletePattern: Command {
    let pattern: Identifier

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let access = try call.requireAccess(to: pattern, .delete)
        let patterns = PatternStore(call.connection)
        if try patterns.delete(pattern, nowMs: call.nowMs) {
            effects.append(.accessChanged(pattern))
            if access.standing != .owner {
                try call.note(.removePattern, pattern, reason: "pattern.delete")
            }
        }
        let deletedMs = try patterns.find(pattern)?.deletedMs ?? call.nowMs
        return ["restorableUntilMs": .integer(deletedMs + RestorePattern.spanMs)]
    }
}

/// `pattern.restore`.
struct RestorePattern: Command {
    /// How long a deleted pattern can be had back.
    static let spanMs = Int64(Limits.patternRestoreDays) * 86_400_000

    let pattern: Identifier

    func perform(_ call: CallContext, _ effects: inout [Effect]) throws -> JSON {
        let access = try call.requireAccess(to: pattern, .restore)
        let isRestored = try call.restore(pattern, &effects)
        if isRestored, access.standing != .owner {
            try call.note(.restorePattern, pattern, reason: "pattern.restore")
        }
        return ["pattern": .string(pattern.description)]
    }
}

extension CallContext {
    /// Undoes a deletion or a removal, for who may; returns false when there was none.
    ///
    /// - Throws: `expired` when it is too long ago.
    func restore(_ pattern: Identifier, _ effects: inout [Effect]) throws -> Bool {
        let patterns = PatternStore(connection)
        guard let found = try patterns.find(pattern) else { throw PatternAccess.noPattern }
        guard let deletedMs = found.deletedMs else { return false }
        guard nowMs < deletedMs + RestorePattern.spanMs else {
            throw WireError(
                .expired, "it was deleted too long ago", path: "/pattern",
                allowed: "within \(Limits.patternRestoreDays) days")
        }
        try patterns.restore(pattern)
        effects.append(.accessChanged(pattern))
        return true
    }
}
