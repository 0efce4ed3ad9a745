package import Model

extension InboxStore {
    /// Notices below a number, newest first.
    package func notices(
        of user: Identifier, below: Int64, limit: Int64
    ) throws(DatabaseError) -> [NoticeRecord] {
        try connection.rows(
            InboxStatement.notices, [.identifier(user), .integer(below), .integer(limit)]
        ) { (row) throws(DatabaseError) in try NoticeRecord(row, from: 0) }
    }

    /// A notice as it stands, a retracted one too; nil when there is none.
    package func notice(
        _ number: Int64, of user: Identifier
    ) throws(DatabaseError) -> NoticeRecord? {
        try connection.first(InboxStatement.notice, [.identifier(user), .integer(number)]) {
            (row) throws(DatabaseError) in try NoticeRecord(row, from: 0)
        }
    }

    /// What is behind a number, in order, at most `limit` events. A notice stands in them as it is
    /// now; one that is gone already is told by a number that expired.
    package func events(
        of user: Identifier, after number: Int64, limit: Int64
    ) throws(DatabaseError) -> [InboxEvent] {
        let rows = try connection.rows(
            InboxStatement.events, [.identifier(user), .integer(number), .integer(limit)]
        ) { (row) throws(DatabaseError) in row }
        var events: [InboxEvent] = []
        for row in rows {
            events.append(
                InboxEvent(
                    number: try row.integer(0), change: try change(row, user),
                    unread: try row.integer(5)))
        }
        return events
    }

    private func change(
        _ row: Row, _ user: Identifier
    ) throws(DatabaseError) -> InboxEvent.Change {
        let subject = try row.optionalInteger(2)
        switch try row.text(1) {
        case "notice", "restored":
            guard let subject else { throw .unexpectedColumn(2) }
            // It may have expired since: then it is to be held by nobody.
            guard let notice = try notice(subject, of: user) else {
                return .retracted([subject])
            }
            return .notice(notice)
        case "retracted": return .retracted(try Self.numbers(try row.text(4)))
        case "read":
            if let numbers = try row.optionalText(4) {
                return .readSingly(try Self.numbers(numbers))
            }
            return .read(through: try row.integer(3))
        case "expired": return .expired(through: try row.integer(3))
        default: throw .unexpectedColumn(1)
        }
    }

    private static func numbers(_ text: String) throws(DatabaseError) -> [Int64] {
        guard let json = try? JSON.parse(Array(text.utf8), limits: .trusted),
            let numbers = json.array
        else { throw .unexpectedColumn(4) }
        return numbers.compactMap(\.int)
    }

    /// What decides into which group a notice belongs, newest first; the actor is nil when gone.
    package func items(
        of user: Identifier, limit: Int64
    ) throws(DatabaseError) -> [NoticeItem] {
        try connection.rows(InboxStatement.items, [.identifier(user), .integer(limit)]) {
            (row) throws(DatabaseError) in
            guard let kind = NoticeKind(rawValue: try row.text(1)) else {
                throw .unexpectedColumn(1)
            }
            return NoticeItem(
                number: try row.integer(0), kind: kind, actor: try row.optionalIdentifier(2),
                pattern: try row.optionalIdentifier(3),
                isRead: try row.optionalInteger(4) != nil)
        }
    }
}
