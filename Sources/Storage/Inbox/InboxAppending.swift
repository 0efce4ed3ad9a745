import Model

extension InboxStore {
    /// An event before it has its number.
    struct Draft {
        let event: String
        /// Nil: counted anew.
        let unreadChange: Int64?
        var kind: NoticeKind?
        var actor: Identifier?
        var pattern: Identifier?
        var comment: Identifier?
        var fork: Identifier?
        var role: Role?
        /// The number of the notice that it is about.
        var notice: Int64?
        var isNotice = false
        var through: Int64?
        var numbers: [Int64]?

        init(event: String, unreadChange: Int64?) {
            self.event = event
            self.unreadChange = unreadChange
        }
    }

    /// Writes the event under the next number, and the head. Lets what was kept long enough go
    /// first.
    func append(
        _ draft: Draft, to user: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Int64 {
        var head = try head(of: user)
        if let unreadChange = draft.unreadChange {
            head.unread += unreadChange
        } else {
            head.unread = try recount(of: user)
        }
        try write(draft, to: user, &head, nowMs: nowMs)
        let number = head.number
        try expire(of: user, &head, nowMs: nowMs)
        try connection.execute(
            InboxStatement.setHead,
            [
                .identifier(user), .integer(head.number), .integer(head.floor),
                .integer(head.unread),
                .integer(draft.isNotice ? digestDueMs(head, nowMs: nowMs) : nil),
            ])
        return number
    }

    /// `Protocol/notifications.md#digest`
    private func digestDueMs(_ head: InboxHead, nowMs: Int64) -> Int64 {
        let hourMs: Int64 = 3_600_000
        return max(
            nowMs + Int64(Limits.digestDelayHours) * hourMs,
            head.digestedMs + Int64(Limits.digestIntervalHours) * hourMs)
    }

    private func write(
        _ draft: Draft, to user: Identifier, _ head: inout InboxHead, nowMs: Int64
    ) throws(DatabaseError) {
        head.number += 1
        let numbers = draft.numbers.map { numbers in
            String(decoding: JSON.array(numbers.map { .integer($0) }).serialised(), as: UTF8.self)
        }
        try connection.execute(
            InboxStatement.append,
            [
                .identifier(user), .integer(head.number), .text(draft.event),
                .text(draft.kind?.rawValue), .identifier(draft.actor),
                .identifier(draft.pattern), .identifier(draft.comment), .identifier(draft.fork),
                .text(draft.role?.rawValue),
                .integer(draft.isNotice ? head.number : draft.notice), .integer(draft.through),
                .text(numbers), .integer(head.unread), .integer(nowMs),
            ])
    }

    /// Deletes up to `inboxEventsSlack` events at the old end that are too many or too old; an
    /// event says so when notices go with them.
    private func expire(
        of user: Identifier, _ head: inout InboxHead, nowMs: Int64
    ) throws(DatabaseError) {
        let slack = Int64(Limits.inboxEventsSlack)
        var through = head.floor
        if head.number - head.floor > Int64(Limits.inboxEventsMax) + slack {
            through = head.floor + slack
        }
        let oldMs = nowMs - Int64(Limits.inboxDays) * 86_400_000
        // One look at the oldest is what nearly every event costs.
        var limit: Int64 = 1
        while limit <= slack {
            var oldThrough: Int64?
            var isAllOld = true
            try connection.query(
                InboxStatement.oldest,
                [.identifier(user), .integer(head.floor), .integer(limit)]
            ) { (row) throws(DatabaseError) in
                isAllOld = try row.integer(1) < oldMs
                if isAllOld { oldThrough = try row.integer(0) }
                return isAllOld
            }
            if let oldThrough { through = max(through, oldThrough) }
            if oldThrough == nil || limit == slack { break }
            limit = slack
        }
        // The event that was just written stays.
        through = min(through, head.number - 1)
        guard through > head.floor else { return }
        let hasNotices =
            try connection.first(
                InboxStatement.hasNoticesThrough, [.identifier(user), .integer(through)]
            ) { (row) throws(DatabaseError) in try row.boolean(0) } ?? false
        let unread = try count(.unreadThrough, [.identifier(user), .integer(through)])
        try connection.execute(
            InboxStatement.deleteThrough, [.identifier(user), .integer(through)])
        head.floor = through
        head.unread -= unread
        if hasNotices {
            var draft = Draft(event: "expired", unreadChange: nil)
            draft.through = through
            try write(draft, to: user, &head, nowMs: nowMs)
        }
    }
}
