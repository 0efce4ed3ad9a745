import Foundation
import Model
import Storage
import Testing

/// Inboxes as rows. `Protocol/notifications.md#events`
@Suite struct InboxStoreTests {
    private static let user = Samples.id(1)
    private let house: House

    init() throws {
        house = try House(rooms: 3)
        try house.database.write { connection in
            for number: UInt64 in 2...5 {
                try UserStore(connection).insert(
                    Samples.user(number), preferences: Samples.preferences(number))
            }
        }
    }

    private func write<R>(_ body: (InboxStore) throws -> R) throws -> R {
        try house.database.write { try body(InboxStore($0)) }
    }

    private static func like(_ actor: UInt64, _ pattern: UInt64 = 100) -> NewNotice {
        NewNotice(.like, actor: Samples.id(actor), pattern: Samples.id(pattern))
    }

    private static func follow(_ actor: UInt64) -> NewNotice {
        NewNotice(.follow, actor: Samples.id(actor))
    }

    @Test func `A notice that comes back keeps its number, and whether it was read`() throws {
        try write { inbox in
            let now = Samples.nowMs
            #expect(try inbox.add(Self.like(2), to: Self.user, nowMs: now) == 1)
            #expect(try inbox.retract(1, of: Self.user, nowMs: now) == 2)
            #expect(try inbox.retract(1, of: Self.user, nowMs: now) == nil)
            #expect(try inbox.head(of: Self.user).unread == 0)
            #expect(try inbox.restore(1, of: Self.user, nowMs: now) == 3)
            #expect(try inbox.head(of: Self.user).unread == 1)
            #expect(try inbox.markRead(through: 99, of: Self.user, nowMs: now) == 4)
            #expect(try inbox.markRead(through: 99, of: Self.user, nowMs: now) == nil)
            #expect(try inbox.retract(1, of: Self.user, nowMs: now) == 5)
            #expect(try inbox.restore(1, of: Self.user, nowMs: now) == 6)
            #expect(try inbox.head(of: Self.user).unread == 0)
            let former = try inbox.former(Self.like(2), of: Self.user)
            #expect(former?.number == 1)
            #expect(former?.restores == 2)
            #expect(try inbox.former(Self.like(2, 101), of: Self.user) == nil)
            #expect(try inbox.former(Self.follow(2), of: Self.user) == nil)
            let events = try inbox.events(of: Self.user, after: 3, limit: 10)
            #expect(events.map(\.number) == [4, 5, 6])
            #expect(events[0].change == .read(through: 3))
            #expect(events[1].change == .retracted([1]))
            guard case .notice(let notice) = events[2].change else {
                Issue.record("not a notice: \(events[2])")
                return
            }
            #expect(notice.number == 1)
            #expect(notice.isRead)
            #expect(notice.actor?.displayName == "Ana 2")
            #expect(notice.title == "Son montuno")
        }
    }

    @Test func `What is too old or too much expires, and the count with it`() throws {
        let day: Int64 = 86_400_000
        try write { inbox in
            for _ in 0..<3 {
                try inbox.add(Self.follow(2), to: Self.user, nowMs: Samples.nowMs)
            }
            _ = try inbox.markRead([2], of: Self.user, nowMs: Samples.nowMs)
            let later = Samples.nowMs + Int64(Limits.inboxDays) * day + 1
            #expect(try inbox.add(Self.follow(3), to: Self.user, nowMs: later) == 5)
            let head = try inbox.head(of: Self.user)
            #expect(head.floor == 4)
            #expect(head.number == 6)
            #expect(head.unread == 1)
            let events = try inbox.events(of: Self.user, after: head.floor, limit: 10)
            #expect(events.map(\.number) == [5, 6])
            #expect(events.last?.change == .expired(through: 4))
            #expect(events.last?.unread == 1)

            let count = Limits.inboxEventsMax + Limits.inboxEventsSlack
            for _ in 0..<count {
                try inbox.add(Self.follow(4), to: Self.user, nowMs: later)
            }
            let full = try inbox.head(of: Self.user)
            #expect(full.number - full.floor <= Int64(count))
            #expect(full.number - full.floor >= Int64(Limits.inboxEventsMax))
            #expect(try inbox.recount(of: Self.user) == full.unread)
        }
    }

    @Test func `Numbers have no gap and the count is exact, whatever happens`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        try write { inbox in
            var numbers: [Int64] = []
            for step in 0..<2_000 {
                let now = Samples.nowMs + Int64(step) * 20_000_000
                let head = try inbox.head(of: Self.user)
                let some = Int64.random(in: 0...(head.number + 2), using: &random)
                let actor = UInt64.random(in: 2...5, using: &random)
                let pattern = UInt64.random(in: 100...102, using: &random)
                let number: Int64? =
                    switch Int.random(in: 0..<12, using: &random) {
                    case 0...4:
                        try inbox.add(Self.like(actor, pattern), to: Self.user, nowMs: now)
                    case 5: try inbox.retract(some, of: Self.user, nowMs: now)
                    case 6: try inbox.restore(some, of: Self.user, nowMs: now)
                    case 7: try inbox.markRead([some, some + 1], of: Self.user, nowMs: now)
                    case 8:
                        try inbox.markRead(
                            through: some, kind: .like, pattern: Samples.id(pattern),
                            of: Self.user, nowMs: now)
                    case 9:
                        Int.random(in: 0..<10, using: &random) == 0
                            ? try inbox.markRead(through: some, of: Self.user, nowMs: now) : nil
                    case 10:
                        Int.random(in: 0..<10, using: &random) == 0
                            ? try inbox.retract(
                                about: Samples.id(pattern), of: Self.user, nowMs: now).number : nil
                    default:
                        Int.random(in: 0..<10, using: &random) == 0
                            ? try inbox.retract(
                                by: Samples.id(actor), of: Self.user, nowMs: now) : nil
                    }
                let after = try inbox.head(of: Self.user)
                if let number {
                    #expect(number == head.number + 1)
                    numbers.append(number)
                } else {
                    #expect(after == head)
                }
                #expect(try inbox.recount(of: Self.user) == after.unread, "seed \(seed)")
                let events = try inbox.events(of: Self.user, after: head.number, limit: 10)
                #expect(events.map(\.number) == Array((head.number + 1)..<(after.number + 1)))
                #expect(events.last.map { $0.unread == after.unread } ?? true)
            }
            let head = try inbox.head(of: Self.user)
            let kept = try inbox.events(of: Self.user, after: head.floor, limit: 10_000)
            #expect(kept.map(\.number) == Array((head.floor + 1)...head.number))
            #expect(head.floor > 0, "nothing expired")
        }
    }

    /// `STORAGE_MEASURE=1` prints how long the writer is busy with one full inbox.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["STORAGE_MEASURE"] != nil))
    func `A full inbox is read and taken back in one turn`() throws {
        let events = Limits.inboxEventsMax + Limits.inboxEventsSlack
        for name in ["marked read", "retracted"] {
            try write { inbox in
                for _ in 0..<events {
                    try inbox.add(
                        NewNotice(.comment, actor: Samples.id(2), pattern: Samples.id(100)),
                        to: Self.user, nowMs: Samples.nowMs)
                }
            }
            let began = ContinuousClock.now
            try write { inbox in
                if name == "retracted" {
                    try inbox.retract(
                        about: Samples.id(100), of: Self.user, nowMs: Samples.nowMs)
                } else {
                    try inbox.markRead(
                        through: .max, kind: .comment, of: Self.user, nowMs: Samples.nowMs)
                }
            }
            print("inbox: \(events) notices \(name) in \(ContinuousClock.now - began)")
        }
    }
}
