/// What decides into which group a notice belongs.
package struct NoticeItem: Hashable, Sendable {
    package let number: Int64
    package let kind: NoticeKind
    /// Nil when they are gone.
    package let actor: Identifier?
    package let pattern: Identifier?
    package let isRead: Bool

    package init(
        number: Int64, kind: NoticeKind, actor: Identifier?, pattern: Identifier?, isRead: Bool
    ) {
        self.number = number
        self.kind = kind
        self.actor = actor
        self.pattern = pattern
        self.isRead = isRead
    }
}
