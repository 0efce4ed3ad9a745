package import Model

/// Who is told of a comment, and as what. `Protocol/notifications.md#notices`.
package enum CommentAudience {
    /// Nobody twice: the first of `reply`, `mention`, `comment` counts. The author is not told.
    ///
    /// - Parameters:
    ///   - answered: the author of the comment that it answers.
    ///   - mentioned: people, in the order of their names in the text.
    package static func notices(
        author: Identifier, owner: Identifier, answered: Identifier?, mentioned: [Identifier]
    ) -> [(user: Identifier, kind: NoticeKind)] {
        var told: Set<Identifier> = [author]
        var notices: [(user: Identifier, kind: NoticeKind)] = []
        func tell(_ user: Identifier, _ kind: NoticeKind) {
            if told.insert(user).inserted { notices.append((user, kind)) }
        }
        if let answered { tell(answered, .reply) }
        for user in mentioned { tell(user, .mention) }
        tell(owner, .comment)
        return notices
    }
}
