/// Who may do what with a pattern: the one place. `Protocol/permissions.md`; a test compares the
/// whole table.
package enum Permissions {
    package static func allows(
        _ action: PatternAction, _ standing: PatternStanding, in state: PatternState
    ) -> Bool {
        states(of: action, for: standing).contains(state)
    }

    private static let shown: Set<PatternState> = [.public, .private]
    private static let kept: Set<PatternState> = [.public, .private, .deleted]
    private static let all = Set(PatternState.allCases)

    /// The states in which `standing` may do `action`.
    private static func states(
        of action: PatternAction, for standing: PatternStanding
    ) -> Set<PatternState> {
        switch (action, standing) {
        case (.see, .administrator), (.delete, .administrator), (.restore, .administrator),
            (.removeComments, .administrator):
            all
        case (.delete, .owner), (.restore, .owner): kept
        case (.see, .viewer), (.see, .editor), (.see, .owner),
            (.listen, .viewer), (.listen, .editor), (.listen, .owner),
            (.play, .viewer), (.play, .editor), (.play, .owner),
            (.like, .viewer), (.like, .editor), (.like, .owner),
            (.comment, .viewer), (.comment, .editor), (.comment, .owner),
            (.withdraw, .viewer), (.withdraw, .editor), (.withdraw, .owner),
            (.fork, .editor), (.fork, .owner),
            (.edit, .editor), (.edit, .owner),
            (.publish, .owner), (.manageCollaborators, .owner), (.removeComments, .owner),
            (.seeCollaborators, .viewer), (.seeCollaborators, .editor),
            (.seeCollaborators, .owner), (.seeCollaborators, .administrator),
            (.seeHistory, .viewer), (.seeHistory, .editor), (.seeHistory, .owner),
            (.nameVersions, .editor), (.nameVersions, .owner),
            (.leave, .viewer), (.leave, .editor):
            shown
        case (.see, .guest), (.see, .stranger), (.see, .blocked),
            (.listen, .guest), (.listen, .stranger), (.listen, .blocked),
            (.listen, .administrator),
            (.play, .guest), (.play, .stranger), (.play, .blocked), (.play, .administrator),
            (.withdraw, .stranger), (.withdraw, .blocked), (.withdraw, .administrator),
            (.like, .stranger), (.like, .administrator),
            (.comment, .stranger), (.comment, .administrator),
            (.fork, .stranger), (.fork, .viewer), (.fork, .administrator):
            [.public]
        default: []
        }
    }
}
