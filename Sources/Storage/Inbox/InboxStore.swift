package import Model

/// Inboxes: events numbered without gaps per user, with an exact count of what is unread. Each
/// verb that appends reads and writes the head in the transaction it runs in.
/// `Protocol/notifications.md#inbox`.
package struct InboxStore {
    let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    package func head(of user: Identifier) throws(DatabaseError) -> InboxHead {
        try connection.first(InboxStatement.head, [.identifier(user)]) {
            (row) throws(DatabaseError) in
            var head = InboxHead()
            head.number = try row.integer(0)
            head.floor = try row.integer(1)
            head.unread = try row.integer(2)
            head.digestedMs = try row.integer(3)
            return head
        } ?? InboxHead()
    }

    /// What `unread` must be: the rows, one by one.
    package func recount(of user: Identifier) throws(DatabaseError) -> Int64 {
        try count(.recount, [.identifier(user)])
    }

    // MARK: - Notices

    /// The latest notice of the same kind, by the same actor, about the same pattern.
    package func former(
        _ notice: NewNotice, of user: Identifier
    ) throws(DatabaseError) -> (number: Int64, isRetracted: Bool, restores: Int64)? {
        var arguments: [Value] = [
            .identifier(user), .identifier(notice.actor), .text(notice.kind.rawValue),
        ]
        if let pattern = notice.pattern { arguments.append(.identifier(pattern)) }
        return try connection.first(
            notice.pattern == nil ? InboxStatement.formerWithoutPattern : .formerByPattern,
            arguments
        ) { (row) throws(DatabaseError) in
            (try row.integer(0), try row.optionalInteger(1) != nil, try row.integer(2))
        }
    }

    @discardableResult
    package func add(
        _ notice: NewNotice, to user: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Int64 {
        var draft = Draft(event: "notice", unreadChange: 1)
        draft.kind = notice.kind
        draft.actor = notice.actor
        draft.pattern = notice.pattern
        draft.comment = notice.comment
        draft.fork = notice.fork
        draft.role = notice.role
        draft.isNotice = true
        return try append(draft, to: user, nowMs: nowMs)
    }

    /// Brings a retracted notice back, read if it was read before. Returns the event's number; nil
    /// when it is not retracted.
    @discardableResult
    package func restore(
        _ number: Int64, of user: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Int64? {
        let restored = try connection.execute(
            InboxStatement.restore, [.identifier(user), .integer(number)])
        guard restored == 1 else { return nil }
        let isUnread = try isUnread(number, of: user)
        var draft = Draft(event: "restored", unreadChange: isUnread ? 1 : 0)
        draft.notice = number
        return try append(draft, to: user, nowMs: nowMs)
    }

    /// Takes one notice away. Returns the event's number; nil when there is none to take.
    @discardableResult
    package func retract(
        _ number: Int64, of user: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Int64? {
        let wasUnread = try isUnread(number, of: user)
        let retracted = try connection.execute(
            InboxStatement.retract, [.integer(nowMs), .identifier(user), .integer(number)])
        guard retracted == 1 else { return nil }
        var draft = Draft(event: "retracted", unreadChange: wasUnread ? -1 : 0)
        draft.numbers = [number]
        return try append(draft, to: user, nowMs: nowMs)
    }

    /// Takes notices about a pattern away, at most `limit`. Returns the event's number, nil when
    /// there are none, and how many.
    @discardableResult
    package func retract(
        about pattern: Identifier, of user: Identifier, limit: Int = .max, nowMs: Int64
    ) throws(DatabaseError) -> (number: Int64?, count: Int) {
        let retracted = try numbers(
            .retractAbout,
            [
                .integer(nowMs), .identifier(user), .identifier(pattern), .identifier(user),
                .integer(Int64(limit)),
            ])
        return (try appendRetraction(of: retracted, to: user, nowMs: nowMs), retracted.count)
    }

    /// Takes all notices of what somebody did away. Returns the event's number, nil when there are
    /// none.
    @discardableResult
    package func retract(
        by actor: Identifier, of user: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Int64? {
        let retracted = try numbers(
            .retractOf, [.integer(nowMs), .identifier(user), .identifier(actor)])
        return try appendRetraction(of: retracted, to: user, nowMs: nowMs)
    }

    private func appendRetraction(
        of numbers: [Int64], to user: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Int64? {
        if numbers.isEmpty { return nil }
        var draft = Draft(event: "retracted", unreadChange: nil)
        draft.numbers = numbers
        return try append(draft, to: user, nowMs: nowMs)
    }

    /// Numbers of a user's notices of a kind about a pattern.
    package func numbers(
        _ kind: NoticeKind, about pattern: Identifier, of user: Identifier
    ) throws(DatabaseError) -> [Int64] {
        try connection.rows(
            InboxStatement.ofKind,
            [.identifier(pattern), .identifier(user), .text(kind.rawValue)]
        ) { (row) throws(DatabaseError) in try row.integer(0) }
    }

    /// Everybody's notices of a comment.
    package func notices(
        of comment: Identifier
    ) throws(DatabaseError) -> [(user: Identifier, number: Int64)] {
        try connection.rows(InboxStatement.ofComment, [.identifier(comment)]) {
            (row) throws(DatabaseError) in (try row.identifier(0), try row.integer(1))
        }
    }

    /// Everybody who had a notice of a comment, those from whom it was taken too.
    package func toldOf(comment: Identifier) throws(DatabaseError) -> Set<Identifier> {
        Set(
            try connection.rows(InboxStatement.toldOfComment, [.identifier(comment)]) {
                (row) throws(DatabaseError) in try row.identifier(0)
            })
    }

    // MARK: - Reading marks

    /// Marks notices read, at most to the last number. Returns the event's number; nil when nothing
    /// was unread.
    @discardableResult
    package func markRead(
        through: Int64, kind: NoticeKind? = nil, pattern: Identifier? = nil,
        of user: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Int64? {
        let through = min(through, try head(of: user).number)
        var arguments: [Value] = [.integer(nowMs), .identifier(user), .integer(through)]
        if let kind { arguments.append(.text(kind.rawValue)) }
        if let pattern { arguments.append(.identifier(pattern)) }
        switch (kind, pattern) {
        case (nil, nil):
            let read = try connection.execute(InboxStatement.read, arguments)
            guard read > 0 else { return nil }
            var draft = Draft(event: "read", unreadChange: -Int64(read))
            draft.through = through
            return try append(draft, to: user, nowMs: nowMs)
        case (_?, nil):
            return try appendRead(numbers(.readOfKind, arguments), to: user, nowMs: nowMs)
        case (nil, _?):
            return try appendRead(numbers(.readAbout, arguments), to: user, nowMs: nowMs)
        case (_?, _?):
            return try appendRead(numbers(.readOfKindAbout, arguments), to: user, nowMs: nowMs)
        }
    }

    /// Marks single notices read; those that are not there or read already do not count.
    @discardableResult
    package func markRead(
        _ numbers: [Int64], of user: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Int64? {
        var read: [Int64] = []
        for number in numbers {
            let changed = try connection.execute(
                InboxStatement.readSingly,
                [.integer(nowMs), .identifier(user), .integer(number)])
            if changed == 1 { read.append(number) }
        }
        return try appendRead(read, to: user, nowMs: nowMs)
    }

    private func appendRead(
        _ numbers: [Int64], to user: Identifier, nowMs: Int64
    ) throws(DatabaseError) -> Int64? {
        if numbers.isEmpty { return nil }
        var draft = Draft(event: "read", unreadChange: -Int64(numbers.count))
        draft.numbers = numbers
        return try append(draft, to: user, nowMs: nowMs)
    }

    /// What a statement changed.
    private func numbers(
        _ statement: InboxStatement, _ arguments: [Value]
    ) throws(DatabaseError) -> [Int64] {
        try connection.rows(statement, arguments) { (row) throws(DatabaseError) in
            try row.integer(0)
        }.sorted()
    }

    private func isUnread(_ number: Int64, of user: Identifier) throws(DatabaseError) -> Bool {
        try connection.first(
            InboxStatement.isUnread, [.identifier(user), .integer(number)]
        ) { (row) throws(DatabaseError) in try row.boolean(0) } ?? false
    }

    func count(_ statement: InboxStatement, _ arguments: [Value]) throws(DatabaseError) -> Int64 {
        try connection.first(statement, arguments) {
            (row) throws(DatabaseError) in try row.integer(0)
        } ?? 0
    }
}
