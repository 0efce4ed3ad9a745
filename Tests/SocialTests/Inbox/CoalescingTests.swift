import Model
import Social
import Testing

/// `Protocol/notifications.md#events`
@Suite struct CoalescingTests {
    private func former(_ isRetracted: Bool, restores: Int64 = 0) -> Coalescing.Former {
        Coalescing.Former(number: 7, isRetracted: isRetracted, restores: restores)
    }

    @Test(arguments: [NoticeKind.like, .follow, .joined])
    func `Flapping makes one notice`(_ kind: NoticeKind) {
        #expect(Coalescing.decide(kind, former: nil) == .add)
        #expect(Coalescing.decide(kind, former: former(false)) == .nothing)
        #expect(Coalescing.decide(kind, former: former(true)) == .restore(7))
        let often = former(true, restores: Int64(Limits.noticeRestoresMax))
        #expect(Coalescing.decide(kind, former: often) == .nothing)
    }

    @Test func `What is offered now replaces what was offered; comments and forks are each new`() {
        for kind in [NoticeKind.invitation, .role] {
            #expect(Coalescing.decide(kind, former: former(false)) == .replace(7))
            #expect(Coalescing.decide(kind, former: former(true)) == .add)
        }
        for kind in [NoticeKind.comment, .reply, .mention, .fork] {
            #expect(Coalescing.decide(kind, former: former(false)) == .add)
        }
    }
}
