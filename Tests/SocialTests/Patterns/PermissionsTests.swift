import Model
import Social
import SourceFiles
import Testing
import Wire

@Suite struct PermissionsTests {
    private let owner = Identifier(high: 1, low: 1)
    private let other = Identifier(high: 2, low: 2)

    private func facts(
        isPublic: Bool = true, isDeleted: Bool = false, isRemoved: Bool = false,
        isOwnerAway: Bool = false
    ) -> PatternFacts {
        PatternFacts(
            owner: owner, isPublic: isPublic, isDeleted: isDeleted, isRemoved: isRemoved,
            isOwnerAway: isOwnerAway)
    }

    @Test func `the whole table of permissions.md`() throws {
        let table = try #require(
            try MarkdownTable.all(in: Repository.text("Protocol/permissions.md"))
                .first { $0.columns.contains("administrator") })
        #expect(table.columns.dropFirst() == PatternStanding.allCases.map(\.rawValue)[...])
        let actions = table.cells("action").flatMap { MarkdownTable.codes(in: $0) }
        #expect(actions == PatternAction.allCases.map(\.rawValue))
        for (action, row) in zip(PatternAction.allCases, table.rows) {
            for (standing, cell) in zip(PatternStanding.allCases, row.dropFirst()) {
                let states = PatternState.allCases
                    .filter { Permissions.allows(action, standing, in: $0) }
                    .map(\.rawValue).joined(separator: ", ")
                #expect(cell == states, "\(action) by \(standing)")
            }
        }
    }

    @Test func `whoever may do anything may see, but for what only a retry needs`() {
        for action in PatternAction.allCases where action != .delete && action != .restore {
            for standing in PatternStanding.allCases {
                for state in PatternState.allCases
                where Permissions.allows(action, standing, in: state) {
                    #expect(Permissions.allows(.see, standing, in: state))
                }
            }
        }
    }

    @Test func `rooms need not know who is blocked`() {
        for action in [PatternAction.see, .listen, .edit] {
            for state in PatternState.allCases {
                #expect(
                    Permissions.allows(action, .blocked, in: state)
                        == Permissions.allows(action, .stranger, in: state))
            }
        }
    }

    @Test func `the state of a pattern`() {
        #expect(facts().state == .public)
        #expect(facts(isPublic: false).state == .private)
        #expect(facts(isDeleted: true).state == .deleted)
        #expect(facts(isDeleted: true, isRemoved: true).state == .withheld)
        #expect(facts(isOwnerAway: true).state == .withheld)
    }

    @Test func `the standing of a user`() {
        func standing(_ user: Identifier?, _ role: Role? = nil, isBlocked: Bool = false)
            -> PatternStanding
        {
            PatternAccess(facts(), user: user, role: role, isBlocked: isBlocked).standing
        }
        #expect(standing(nil) == .guest)
        #expect(standing(owner) == .owner)
        #expect(standing(other) == .stranger)
        #expect(standing(other, .viewer) == .viewer)
        #expect(standing(other, .editor) == .editor)
        #expect(standing(other, .editor, isBlocked: true) == .blocked)
    }

    @Test func `the role in a room`() {
        func role(_ facts: PatternFacts, _ user: Identifier?, _ role: Role? = nil) -> Role? {
            PatternAccess(facts, user: user, role: role).role
        }
        #expect(role(facts(), owner) == .owner)
        #expect(role(facts(), other) == .viewer)
        #expect(role(facts(), other, .editor) == .editor)
        #expect(role(facts(), nil) == .guest)
        #expect(role(facts(isPublic: false), owner) == .owner)
        #expect(role(facts(isPublic: false), other) == nil)
        #expect(role(facts(isPublic: false), other, .viewer) == .viewer)
        #expect(role(facts(isPublic: false), nil) == nil)
        #expect(role(facts(isDeleted: true), owner) == nil)
        #expect(role(facts(isOwnerAway: true), other, .editor) == nil)
        #expect(Role.allCases.filter(\.mayEdit) == [.owner, .editor])
    }

    @Test func `who may not see a pattern does not learn that it is there`() {
        let hidden = PatternAccess(facts(isPublic: false), user: other, role: nil)
        let visible = PatternAccess(facts(), user: other, role: nil)
        for action in PatternAction.allCases {
            #expect(refusal(hidden, action) == .notFound)
            #expect(refusal(visible, action) == (visible.allows(action) ? nil : .forbidden))
        }
    }

    @Test func `administrators keep what else they are`() {
        let access = PatternAccess(
            facts(isPublic: false), user: other, role: .editor, isAdministrator: true)
        #expect(access.allows(.edit) && access.allows(.removeComments))
        let guest = PatternAccess(
            facts(isPublic: false), user: nil, role: nil, isAdministrator: true)
        #expect(!guest.allows(.see))
    }

    @Test func `who may see a pattern, or is invited to it, may be told of it`() {
        func hears(
            _ facts: PatternFacts, _ user: Identifier, isBlocked: Bool = false,
            isInvited: Bool = false
        ) -> Bool {
            PatternAccess(facts, user: user, role: nil, isBlocked: isBlocked)
                .mayHear(isInvited: isInvited)
        }
        #expect(hears(facts(), other))
        #expect(!hears(facts(isPublic: false), other))
        #expect(hears(facts(isPublic: false), other, isInvited: true))
        #expect(!hears(facts(isPublic: false), other, isBlocked: true, isInvited: true))
        #expect(!hears(facts(isDeleted: true), other, isInvited: true))
        #expect(!hears(facts(isOwnerAway: true), other, isInvited: true))
        // Their own, while they are away; but not what is gone.
        #expect(hears(facts(isOwnerAway: true), owner))
        #expect(!hears(facts(isDeleted: true), owner))
        #expect(!hears(facts(isRemoved: true), owner))
    }

    private func refusal(_ access: PatternAccess, _ action: PatternAction) -> ErrorName? {
        do throws(WireError) {
            try access.require(action)
            return nil
        } catch {
            return error.name
        }
    }
}
