/// What a notice of an inbox tells of. `Protocol/notifications.md#notices`.
package enum NoticeKind: String, CaseIterable, Sendable {
    case like, comment, reply, mention, fork, follow, invitation, joined, role
}
