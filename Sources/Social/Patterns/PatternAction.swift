/// What somebody wants with a pattern. `Protocol/permissions.md`.
package enum PatternAction: String, CaseIterable, Sendable {
    case see, listen, play, like, comment, withdraw, fork, edit, publish, delete, restore
    case seeCollaborators, manageCollaborators, leave, removeComments
    case seeHistory, nameVersions
}

/// What somebody is to a pattern.
package enum PatternStanding: String, CaseIterable, Sendable {
    case guest, stranger, blocked, viewer, editor, owner, administrator
}

/// What a pattern is now.
package enum PatternState: String, CaseIterable, Sendable {
    case `public`, `private`, deleted, withheld
}
