import Model
import Social
import Testing

@Suite struct PermissionsTests {
    private let owner = Identifier(high: 1, low: 1)
    private let other = Identifier(high: 2, low: 2)

    @Test func `the whole table of rooms.md#who-may-do-what`() {
        func role(_ user: Identifier?, _ isPublic: Bool) -> Role? {
            Permissions.role(of: user, owner: owner, isPublic: isPublic)
        }
        #expect(role(owner, true) == .owner)
        #expect(role(other, true) == .viewer)
        #expect(role(nil, true) == .guest)
        #expect(role(owner, false) == .owner)
        #expect(role(other, false) == nil)
        #expect(role(nil, false) == nil)
        #expect(Role.allCases.filter(\.mayEdit) == [.owner, .editor])
    }

    @Test func `addresses are the same whatever their case and the space around them`() {
        #expect(EmailAddress.normalised(" Ana@Example.ORG\n") == "ana@example.org")
        #expect(EmailAddress.normalised("  ") == "")
    }
}
