import Model
import Social
import Storage
import Wire

extension CallContext {
    /// What the caller may do with a pattern, at this moment; nil when there is none.
    func access(to pattern: Identifier) throws -> PatternAccess? {
        try connection.access(of: user, to: pattern)
    }

    /// Nil when there is no such pattern.
    func owner(of pattern: Identifier) throws -> Identifier? {
        try access(to: pattern)?.owner
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

extension Connection {
    /// What somebody, or a guest (nil), may do with a pattern; nil when there is none.
    func access(of user: Identifier?, to pattern: Identifier) throws -> PatternAccess? {
        try StandingStore(self).standing(of: user, with: pattern).map { record in
            PatternAccess(
                record.facts, user: user, role: record.role, isBlocked: record.isBlocked,
                isAdministrator: record.isAdministrator)
        }
    }

    /// Whether somebody may be told of a pattern.
    func mayHear(of pattern: Identifier, _ user: Identifier) throws -> Bool {
        guard let access = try access(of: user, to: pattern) else { return false }
        return try access.mayHear(
            isInvited: try CollaboratorStore(self).find(user, of: pattern) != nil)
    }
}

extension StandingRecord {
    var facts: PatternFacts {
        PatternFacts(
            owner: owner, isPublic: isPublic, isDeleted: isDeleted, isRemoved: isRemoved,
            isOwnerAway: isOwnerAway)
    }
}
