import Model
import Social
import Storage
import Wire

/// Who is told of what a command does, in the transaction of the command; and who is told that it
/// was taken back. `Protocol/notifications.md#inbox`.
final class Notices {
    private let connection: any Connection
    private let inboxes: InboxStore
    private let nowMs: Int64
    private let epoch: Int64
    /// Whose inbox has new events, and the number behind which they are.
    private var changed: [(user: Identifier, after: Int64)] = []
    /// Some inboxes have their turn in a later transaction.
    private var isMoreLeft = false

    init(_ connection: any Connection, nowMs: Int64, epoch: Int64) {
        self.connection = connection
        inboxes = InboxStore(connection)
        self.nowMs = nowMs
        self.epoch = epoch
    }

    /// Writes a notice, unless they did it themselves, there is a block between the two, they may
    /// not know of the pattern, or do not want to be told.
    func tell(_ notice: NewNotice, to user: Identifier) throws {
        guard user != notice.actor,
            try NoticeSettingStore(connection).wants(notice.kind, about: notice.pattern, user),
            try !BlockStore(connection).isBetween(user, notice.actor)
        else { return }
        if let pattern = notice.pattern, try !connection.mayHear(of: pattern, user) { return }
        let former = try inboxes.former(notice, of: user).map {
            Coalescing.Former(
                number: $0.number, isRetracted: $0.isRetracted, restores: $0.restores)
        }
        switch Coalescing.decide(notice.kind, former: former) {
        case .add: note(try inboxes.add(notice, to: user, nowMs: nowMs), user)
        case .restore(let number):
            note(try inboxes.restore(number, of: user, nowMs: nowMs), user)
        case .replace(let number):
            note(try inboxes.retract(number, of: user, nowMs: nowMs), user)
            note(try inboxes.add(notice, to: user, nowMs: nowMs), user)
        case .nothing: break
        }
    }

    /// Takes back what `tell` wrote of the same act.
    func takeBack(_ notice: NewNotice, from user: Identifier) throws {
        guard let former = try inboxes.former(notice, of: user), !former.isRetracted else { return }
        note(try inboxes.retract(former.number, of: user, nowMs: nowMs), user)
    }

    /// Takes everybody's notices of a comment back.
    func takeBack(comment: Identifier) throws {
        for (user, number) in try inboxes.notices(of: comment) {
            note(try inboxes.retract(number, of: user, nowMs: nowMs), user)
        }
    }

    func takeBack(_ kind: NoticeKind, about pattern: Identifier, from user: Identifier) throws {
        for number in try inboxes.numbers(kind, about: pattern, of: user) {
            note(try inboxes.retract(number, of: user, nowMs: nowMs), user)
        }
    }

    /// Two people want nothing of each other any more.
    func part(_ one: Identifier, _ other: Identifier) throws {
        note(try inboxes.retract(by: other, of: one, nowMs: nowMs), one)
        note(try inboxes.retract(by: one, of: other, nowMs: nowMs), other)
    }

    func markRead(
        through: Int64, kind: NoticeKind?, pattern: Identifier?, by user: Identifier
    ) throws {
        note(
            try inboxes.markRead(
                through: through, kind: kind, pattern: pattern, of: user, nowMs: nowMs), user)
    }

    func markRead(_ numbers: [Int64], by user: Identifier) throws {
        note(try inboxes.markRead(numbers, of: user, nowMs: nowMs), user)
    }

    // MARK: - Losing sight

    /// After the access to a pattern may have changed: retracts what is about it for who may not
    /// know of it any more. Those beyond `noticeSweepUsersMax`, and notices beyond
    /// `noticeSweepRowsMax`, have their turn later.
    func lookAgain(at pattern: Identifier, after last: Identifier = SweepStore.start) throws {
        let sweeps = SweepStore(connection)
        let limit = Limits.noticeSweepUsersMax
        var (last, rowsLeft) = (last, Limits.noticeSweepRowsMax)
        let users = try sweeps.users(hearingOf: pattern, after: last, limit: limit)
        for user in users {
            if try !connection.mayHear(of: pattern, user) {
                let (number, count) = try inboxes.retract(
                    about: pattern, of: user, limit: rowsLeft, nowMs: nowMs)
                note(number, user)
                rowsLeft -= count
                // This one may have more.
                if rowsLeft == 0 { break }
            }
            last = user
        }
        if users.count == limit || rowsLeft == 0 {
            try sweeps.leave(pattern, after: last)
            isMoreLeft = true
        } else {
            try sweeps.end(pattern)
        }
    }

    /// The same for all patterns of somebody who came or went: one now, the others later.
    func lookAgain(atPatternsOf owner: Identifier) throws {
        let sweeps = SweepStore(connection)
        let patterns = try sweeps.patterns(of: owner)
        for pattern in patterns.dropFirst() {
            try sweeps.leave(pattern, after: SweepStore.start)
            isMoreLeft = true
        }
        if let first = patterns.first { try lookAgain(at: first) }
    }

    /// Goes on where an earlier transaction left off; returns false when nothing was left.
    func sweep() throws -> Bool {
        guard let next = try SweepStore(connection).next() else { return false }
        try lookAgain(at: next.pattern, after: next.last)
        return true
    }

    // MARK: - What was written

    /// What a command's other effects mean for inboxes, and what its notices bring about.
    func follow(_ effects: inout [Effect]) throws {
        for effect in effects {
            switch effect {
            case .accessChanged(let pattern): try lookAgain(at: pattern)
            case .ownerChanged(let owner): try lookAgain(atPatternsOf: owner)
            default: break
            }
        }
        if isMoreLeft { effects.append(.inboxesLeft) }
        for (user, after) in changed {
            var view = InboxView(connection, reader: user)
            for event in try inboxes.events(of: user, after: after, limit: Self.eventsMax) {
                let (kind, data) = try view.json(event)
                effects.append(
                    .publish(
                        Publication(
                            .inbox(user), kind,
                            Event.Span(
                                epoch: epoch, from: event.number - 1, through: event.number),
                            data: data.serialised())))
            }
        }
    }

    private func note(_ number: Int64?, _ user: Identifier) {
        guard let number, !changed.contains(where: { $0.user == user }) else { return }
        changed.append((user, number - 1))
    }

    /// Of one command in one inbox: more than it can have.
    private static let eventsMax: Int64 = 64
}
