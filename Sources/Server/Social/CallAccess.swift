import Model
import Social
import Storage
import Wire

extension CallContext {
    /// What the caller may do with a pattern, at this moment; nil when there is none.
    func access(to pattern: Identifier) throws -> PatternAccess? {
        try StandingStore(connection).standing(of: user, with: pattern).map { record in
            PatternAccess(
                record.facts, user: user, role: record.role, isBlocked: record.isBlocked,
                isAdministrator: record.isAdministrator)
        }
    }

    /// Nil when there is no such pattern.
    func owner(of pattern: Identifier) throws -> Identifier? {
        try StandingStore(connection).standing(of: nil, with: pattern)?.owner
    }

    /// - Throws: `notFound` to who may not see the pattern; `blocked` when that is what stands in
    ///   the way; else `forbidden`.
    @discardableResult
    func requireAccess(
        to pattern: Identifier, _ action: PatternAction
    ) throws -> PatternAccess {
        guard let access = try access(to: pattern) else { throw PatternAccess.noPattern }
        try require(action, access, path: "/pattern")
        return access
    }

    func require(
        _ action: PatternAction, _ access: PatternAccess, path: String
    ) throws(WireError) {
        if access.standing == .blocked, access.allows(.see), !access.allows(action) {
            throw PeopleRules.blocked(path)
        }
        try access.require(action)
    }
}

extension StandingRecord {
    var facts: PatternFacts {
        PatternFacts(
            owner: owner, isPublic: isPublic, isDeleted: isDeleted, isRemoved: isRemoved,
            isOwnerAway: isOwnerAway)
    }
}
