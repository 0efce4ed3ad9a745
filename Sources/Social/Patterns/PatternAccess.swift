package import Model
package import Wire

/// What decides who may do what with one pattern, apart from who asks.
package struct PatternFacts: Hashable, Sendable {
    package let owner: Identifier
    package let state: PatternState
    /// Deleted or removed, wherever its owner is.
    let isGone: Bool

    /// - Parameters:
    ///   - isRemoved: by an administrator.
    ///   - isOwnerAway: banned, deactivated or deleted.
    package init(
        owner: Identifier, isPublic: Bool, isDeleted: Bool, isRemoved: Bool, isOwnerAway: Bool
    ) {
        self.owner = owner
        isGone = isDeleted || isRemoved
        state =
            if isRemoved || isOwnerAway {
                .withheld
            } else if isDeleted {
                .deleted
            } else {
                isPublic ? .public : .private
            }
    }
}

/// What one user, or guest, may do with one pattern.
package struct PatternAccess: Hashable, Sendable {
    package let owner: Identifier
    package let state: PatternState
    package let standing: PatternStanding
    package let isAdministrator: Bool
    private let isGone: Bool

    /// - Parameters:
    ///   - user: nil for a guest.
    ///   - role: a collaborator's, `viewer` or `editor`, once accepted.
    ///   - isBlocked: by the owner, or they block the owner.
    package init(
        _ facts: PatternFacts, user: Identifier?, role: Role?, isBlocked: Bool = false,
        isAdministrator: Bool = false
    ) {
        owner = facts.owner
        state = facts.state
        isGone = facts.isGone
        standing =
            switch (user, role) {
            case (nil, _): .guest
            case (facts.owner, _): .owner
            case _ where isBlocked: .blocked
            case (_, .editor): .editor
            case (_, .viewer): .viewer
            default: .stranger
            }
        self.isAdministrator = isAdministrator && user != nil
    }

    package func allows(_ action: PatternAction) -> Bool {
        Permissions.allows(action, standing, in: state)
            || isAdministrator && Permissions.allows(action, .administrator, in: state)
    }

    /// - Throws: `notFound` to who may not know of the pattern, and `forbidden` to who may.
    package func require(_ action: PatternAction) throws(WireError) {
        if allows(action) { return }
        guard allows(.see) else { throw Self.noPattern }
        throw WireError(
            .forbidden, "not allowed with this pattern", path: "/pattern",
            allowed: Self.allowed(action, in: state))
    }

    /// The role in the pattern's room; nil for who may not come in.
    package var role: Role? {
        guard allows(.listen) else { return nil }
        return switch standing {
        case .owner: .owner
        case _ where allows(.edit): .editor
        case .guest: .guest
        default: .viewer
        }
    }

    /// Whether an invitation, or a link, can be taken up: the pattern is there for others.
    package var isOpen: Bool { [.public, .private].contains(state) }

    /// Whether somebody may be told of the pattern: they may see it, or are invited to it. Owners
    /// who are away themselves keep what they have.
    package func mayHear(isInvited: @autoclosure () throws -> Bool) rethrows -> Bool {
        if standing == .owner { return !isGone }
        if allows(.see) { return true }
        return try isOpen && standing != .blocked && isInvited()
    }

    package static var noPattern: WireError {
        WireError(.notFound, "no such pattern", path: "/pattern")
    }

    private static func allowed(_ action: PatternAction, in state: PatternState) -> String {
        let standings = PatternStanding.allCases.filter {
            Permissions.allows(action, $0, in: state)
        }
        return standings.isEmpty ? "nobody" : standings.map(\.rawValue).joined(separator: ", ")
    }
}
