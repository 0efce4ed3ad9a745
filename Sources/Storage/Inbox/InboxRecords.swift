package import Model

/// Where an inbox stands. `Protocol/notifications.md#inbox`.
package struct InboxHead: Hashable, Sendable {
    /// Of the last event; 0 before the first.
    package var number: Int64 = 0
    /// Events up to this one are gone.
    package var floor: Int64 = 0
    package var unread: Int64 = 0
    /// When the last letter of what was missed was queued.
    package var digestedMs: Int64 = 0

    package init() {}
}

/// What is to become a notice.
package struct NewNotice: Hashable, Sendable {
    package var kind: NoticeKind
    package var actor: Identifier
    package var pattern: Identifier?
    package var comment: Identifier?
    /// The copy that was made.
    package var fork: Identifier?
    /// `viewer` or `editor`; nil for a role that was taken, and for other kinds.
    package var role: Role?

    package init(
        _ kind: NoticeKind, actor: Identifier, pattern: Identifier? = nil,
        comment: Identifier? = nil, fork: Identifier? = nil, role: Role? = nil
    ) {
        self.kind = kind
        self.actor = actor
        self.pattern = pattern
        self.comment = comment
        self.fork = fork
        self.role = role
    }
}

/// A notice as the database has it now, with what is shown of those it names.
package struct NoticeRecord: Hashable, Sendable {
    package let number: Int64
    package let kind: NoticeKind
    /// Nil when they are gone.
    package let actor: PersonRecord?
    package let pattern: Identifier?
    /// Nil when the pattern is gone for good.
    package let title: String?
    package let comment: Identifier?
    /// Nil when the comment is deleted.
    package let text: String?
    /// The copy, when everybody may see it.
    package let fork: Identifier?
    package let role: Role?
    package let createdMs: Int64
    package let isRead: Bool
    package let isRetracted: Bool

    /// Reads `number, kind, pattern_id, title, comment_id, text, fork_id, role, created_at,
    /// read_at, retracted_at`, and the actor's `id, display_name, avatar_url, is_active,
    /// deleted_at`, or nulls.
    init(_ row: Row, from first: Int) throws(DatabaseError) {
        number = try row.integer(first)
        guard let kind = NoticeKind(rawValue: try row.text(first + 1)) else {
            throw .unexpectedColumn(first + 1)
        }
        self.kind = kind
        pattern = try row.optionalIdentifier(first + 2)
        title = try row.optionalText(first + 3)
        comment = try row.optionalIdentifier(first + 4)
        text = try row.optionalText(first + 5)
        fork = try row.optionalIdentifier(first + 6)
        role = try row.optionalText(first + 7).flatMap(Role.init)
        createdMs = try row.integer(first + 8)
        isRead = try row.optionalInteger(first + 9) != nil
        isRetracted = try row.optionalInteger(first + 10) != nil
        var actor: PersonRecord?
        if try row.optionalIdentifier(first + 11) != nil {
            actor = try PersonRecord(row, from: first + 11)
        }
        self.actor = actor?.isGone == true ? nil : actor
    }
}

/// An event of an inbox. `Protocol/notifications.md#events`.
package struct InboxEvent: Hashable, Sendable {
    package enum Change: Hashable, Sendable {
        /// Also one that comes back, with its old number.
        case notice(NoticeRecord)
        case retracted([Int64])
        case read(through: Int64)
        case readSingly([Int64])
        case expired(through: Int64)
    }

    package let number: Int64
    package let change: Change
    /// After it.
    package let unread: Int64
}
