package import Model

/// Comments, with their counter in `patterns` and their activity. `Protocol/social.md#comments`.
package struct CommentStore {
    /// Owns the empty places of people who were erased; its e-mail address is none, so nobody can
    /// take it.
    package static let nobody = Identifier(high: 0, low: 0)

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    // MARK: - Writing

    package func insert(_ comment: CommentRecord) throws(DatabaseError) {
        try connection.execute(
            CommentStatement.insert,
            [
                .identifier(comment.id), .identifier(comment.user), .identifier(comment.pattern),
                .text(comment.text), .identifier(comment.parent), .boolean(comment.isEdited),
                .integer(comment.createdMs), .integer(comment.updatedMs),
            ])
        try add(1, to: comment.pattern)
        try ActivityStore(connection).note(
            ActivityRecord(
                id: comment.id, user: comment.user, kind: .commentCreated,
                pattern: comment.pattern, createdMs: comment.createdMs))
    }

    /// Returns false when there is no such comment any more.
    @discardableResult
    package func edit(
        _ id: Identifier, text: String, nowMs: Int64
    ) throws(DatabaseError) -> Bool {
        try connection.execute(
            CommentStatement.edit, [.text(text), .integer(nowMs), .identifier(id)]) == 1
    }

    /// Leaves an empty place; returns false when it was one.
    @discardableResult
    package func empty(
        _ comment: CommentRecord, nowMs: Int64
    ) throws(DatabaseError) -> Bool {
        let emptied = try connection.execute(
            CommentStatement.empty, [.integer(nowMs), .identifier(comment.id)])
        guard emptied == 1 else { return false }
        try add(-1, to: comment.pattern)
        try ActivityStore(connection).remove(comment.id)
        return true
    }

    /// Takes at most `limit` comments from somebody who is being erased: what stands below them
    /// stays; returns how many.
    package func removeSome(
        of user: Identifier, limit: Int64, nowMs: Int64
    ) throws(DatabaseError) -> Int {
        let comments = try connection.rows(
            CommentStatement.someOfUser, [.identifier(user), .integer(limit)]
        ) { (row) throws(DatabaseError) in try CommentRecord(row) }
        for comment in comments {
            try empty(comment, nowMs: nowMs)
            if try hasReplies(comment.id) {
                try connection.execute(CommentStatement.makeNobody, [.identifier(Self.nobody)])
                try connection.execute(
                    CommentStatement.giveAway,
                    [.identifier(Self.nobody), .identifier(comment.id)])
            } else {
                try connection.execute(CommentStatement.remove, [.identifier(comment.id)])
            }
        }
        return comments.count
    }

    private func hasReplies(_ id: Identifier) throws(DatabaseError) -> Bool {
        try connection.first(CommentStatement.hasReplies, [.identifier(id)]) {
            (row) throws(DatabaseError) in try row.boolean(0)
        } ?? false
    }

    private func add(_ number: Int64, to pattern: Identifier) throws(DatabaseError) {
        try connection.execute(
            CommentStatement.addToCount, [.integer(number), .identifier(pattern)])
    }

    // MARK: - Reading

    package func find(_ id: Identifier) throws(DatabaseError) -> CommentRecord? {
        try connection.first(CommentStatement.find, [.identifier(id)]) {
            (row) throws(DatabaseError) in try CommentRecord(row)
        }
    }

    /// The level of a comment, 1 for one that answers none; at most `max`, so that it is bounded
    /// whatever the table holds.
    package func level(of id: Identifier, max: Int) throws(DatabaseError) -> Int {
        var level = 1
        var id = id
        while level < max {
            let parent = try connection.first(CommentStatement.parent, [.identifier(id)]) {
                (row) throws(DatabaseError) in try row.optionalIdentifier(0)
            }
            guard case .some(.some(let above)) = parent else { return level }
            id = above
            level += 1
        }
        return level
    }

    package func count(of pattern: Identifier) throws(DatabaseError) -> Int64 {
        try connection.first(CommentStatement.count, [.identifier(pattern)]) {
            (row) throws(DatabaseError) in try row.integer(0)
        } ?? 0
    }

    /// One comment as `reader` sees it; nil for a guest.
    package func listed(
        _ id: Identifier, for reader: Identifier?
    ) throws(DatabaseError) -> ListedComment? {
        try connection.first(
            CommentStatement.listed, [.identifier(reader), .identifier(id)]
        ) { (row) throws(DatabaseError) in try ListedComment(row) }
    }

    /// Comments of a pattern that answer none, newest first.
    package func page(
        of pattern: Identifier, for reader: Identifier?, after bound: PageBound, limit: Int64
    ) throws(DatabaseError) -> Page<ListedComment> {
        try page(CommentStatement.page, pattern, reader, bound, limit)
    }

    /// What directly answers a comment, newest first.
    package func replies(
        to comment: Identifier, for reader: Identifier?, after bound: PageBound, limit: Int64
    ) throws(DatabaseError) -> Page<ListedComment> {
        try page(CommentStatement.replies, comment, reader, bound, limit)
    }

    /// An empty place below which nothing is has no reason to be shown.
    private func page(
        _ statement: CommentStatement, _ id: Identifier, _ reader: Identifier?,
        _ bound: PageBound, _ limit: Int64
    ) throws(DatabaseError) -> Page<ListedComment> {
        let limit = min(max(1, limit), PageBound.rowsMax)
        let rows = try connection.rows(
            statement,
            [
                .identifier(reader), .identifier(id), .integer(bound.createdMs),
                .identifier(bound.id), .integer(limit),
            ]
        ) { (row) throws(DatabaseError) in try ListedComment(row) }
        return Page(rows, limit: limit, bound: \.bound).compactMap {
            $0.comment.deletedMs != nil && $0.replyCount == 0 ? nil : $0
        }
    }
}
