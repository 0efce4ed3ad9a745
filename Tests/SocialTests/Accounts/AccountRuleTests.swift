import Social
import Testing
import Wire

/// `Protocol/accounts.md#passwords` and `Protocol/accounts.md#leaving`.
@Suite("Accounts") struct AccountRuleTests {
    @Test(
        "A password that anybody would try first is refused",
        arguments: [
            "password", "PassWord", "12345678", "qwertyuiop", "aaaaaaaaaa", "ANA.sonera",
            "Ana.Sonera@example.org",
        ])
    func weak(password: String) {
        #expect(throws: WireError.self) {
            try PasswordRule.check(
                password, email: "ana.sonera@Example.org", member: "newPassword")
        }
        do throws(WireError) {
            try PasswordRule.check(password, email: "Ana.Sonera@example.org", member: "newPassword")
        } catch {
            #expect(error.name == .weakPassword)
            #expect(error.path == "/newPassword")
            #expect(error.value == nil)
        }
    }

    @Test("Others are taken as they are", arguments: ["son montuno 1941", "密码密码密码", "Azúcar!!"])
    func good(password: String) throws {
        try PasswordRule.check(password, email: "ana@example.org", member: "password")
    }

    @Test("Addresses are the same whatever their case and the space around them")
    func addresses() {
        #expect(EmailAddress.normalised(" Ana@Example.ORG\n") == "ana@example.org")
        #expect(EmailAddress.normalised("  ") == "")
    }

    @Test("An account is present, hidden, restorable, gone or closed")
    func states() {
        let day: Int64 = 86_400_000
        func state(
            active: Bool = true, banned: Int64? = nil, deleted: Int64? = nil, now: Int64
        ) -> AccountState {
            AccountState(isActive: active, bannedMs: banned, deletedMs: deleted, nowMs: now)
        }
        #expect(state(now: 5) == .present)
        #expect(state(active: false, now: 5) == .deactivated)
        #expect(state(active: false, banned: 1, now: 5) == .banned)
        let hidden = state(active: false, deleted: 1, now: 5)
        #expect(hidden == .deleted(restorableUntilMs: 30 * day + 1))
        #expect(state(active: false, deleted: 1, now: 30 * day) != .gone)
        #expect(state(active: false, deleted: 1, now: 30 * day + 1) == .gone)
        #expect(state(active: false, banned: 1, deleted: 1, now: 5) == .banned)
    }
}
