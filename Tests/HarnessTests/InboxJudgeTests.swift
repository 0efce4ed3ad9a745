import Model
import Testing

@testable import salsanor_load

/// The judge of `salsanor-load inbox` finds what it is there for.
@Suite struct InboxJudgeTests {
    private static let like = InboxJudge.Like(actor: "ana", pattern: "rumba")
    private static let other = InboxJudge.Like(actor: "bo", pattern: "rumba")

    private static func entry(_ number: Int64, _ like: InboxJudge.Like, isRead: Bool = false)
        -> InboxJudge.Entry
    { InboxJudge.Entry(number: number, like: like, isRead: isRead) }

    /// Two likes, the first of them read; to be spoiled.
    private struct Case {
        var expected = InboxJudge.Expected(told: 2, takenBack: 0, standing: [like, other])
        var numbers: [Int64] = [1, 2, 3]
        var told = 2
        var entries = [entry(2, other), entry(1, like, isRead: true)]
        var disk = [entry(2, other), entry(1, like, isRead: true)]
        var unread: Int64 = 1
        var diskUnread: Int64 = 1
        var resumesAt: Int64?

        func judge() -> InboxJudge {
            var book = StreamBook()
            book.opened(at: 0, recovered: false)
            for number in numbers { book.arrived(through: number) }
            if let resumesAt { book.opened(at: resumesAt, recovered: true) }
            return InboxJudge(
                inboxes: [
                    InboxJudge.Inbox(
                        expected: expected,
                        disk: InboxJudge.Disk(
                            number: 3, unread: diskUnread,
                            recount: Int64(disk.count { !$0.isRead }), entries: disk),
                        devices: [
                            InboxJudge.Device(
                                book: book, unread: unread, entries: entries, told: told,
                                takenBack: 0)
                        ])
                ])
        }

        func outcome() -> Verdict.Outcome {
            var verdict = Verdict()
            judge().judge(&verdict)
            return verdict.outcome
        }
    }

    @Test func `An honest run is good`() {
        let honest = Case()
        #expect(honest.outcome() == .good)
        #expect(honest.judge().lost == 0)
    }

    @Test func `An event that a device did not get is a loss`() {
        var last = Case()
        last.numbers = [1, 2]
        #expect(last.judge().lost == 1)
        #expect(last.outcome() == .bad)
        // With a gap, what follows it is not applied either.
        var middle = Case()
        middle.numbers = [1, 3]
        #expect(middle.judge().broken == 1)
        #expect(middle.outcome() == .bad)
        var untold = Case()
        untold.told = 1
        #expect(untold.judge().lost == 1)
    }

    @Test func `An acknowledged like that the disk does not have is a loss`() {
        var lost = Case()
        lost.disk.removeFirst()
        lost.entries = lost.disk
        lost.unread = 0
        lost.diskUnread = 0
        #expect(lost.judge().lost == 1)
        #expect(lost.outcome() == .bad)
    }

    @Test func `What comes twice is a double`() {
        var twice = Case()
        twice.numbers = [1, 2, 2, 3]
        #expect(twice.judge().doubled == 1)
        #expect(twice.outcome() == .bad)
        // Under a number of its own: the like was told of once too often.
        var again = Case()
        again.disk = [Self.entry(3, Self.like)] + again.disk
        again.entries = again.disk
        again.told = 3
        again.unread = 2
        again.diskUnread = 2
        #expect(again.judge().doubled == 2)
        #expect(again.outcome() == .bad)
    }

    @Test func `A count that is not a recount is found, on the disk and on a device`() {
        var device = Case()
        device.unread = 2
        #expect(device.outcome() == .bad)
        var disk = Case()
        disk.diskUnread = 2
        disk.unread = 2
        #expect(disk.judge().miscounted == 2)
        var mark = Case()
        mark.entries[0] = Self.entry(2, Self.other, isRead: true)
        mark.unread = 0
        #expect(mark.judge().unequal == 1)
        #expect(mark.outcome() == .bad)
    }

    @Test func `A stream that goes on somewhere else is found`() {
        var elsewhere = Case()
        elsewhere.resumesAt = 2
        #expect(elsewhere.judge().broken == 1)
        #expect(elsewhere.outcome() == .bad)
        elsewhere.resumesAt = 3
        #expect(elsewhere.outcome() == .good)
    }

    @Test func `A notice of what was taken back is found`() {
        var untrue = Case()
        untrue.expected.standing = [Self.like]
        #expect(untrue.judge().untrue == 1)
        #expect(untrue.outcome() == .bad)
    }

    @Test func `A like is told of again as often as notices are restored`() {
        var expected = InboxJudge.Expected()
        for round in 0..<6 {
            expected.take(Self.like, isLike: true, round: round)
            expected.take(Self.like, isLike: false, round: round)
        }
        #expect(expected.told == Limits.noticeRestoresMax + 1)
        #expect(expected.takenBack == Limits.noticeRestoresMax + 1)
        #expect(expected.standing.isEmpty)
    }
}
