package import Model

/// A row of `comments`. A deleted one has no text and keeps its place.
package struct CommentRecord: Hashable, Sendable {
    package var id: Identifier
    package var user: Identifier
    package var pattern: Identifier
    /// 1 to 5,000 characters; empty when it is deleted.
    package var text: String
    /// What it answers.
    package var parent: Identifier?
    package var isEdited: Bool
    package var createdMs: Int64
    package var updatedMs: Int64
    package var deletedMs: Int64?

    package init(
        id: Identifier, user: Identifier, pattern: Identifier, text: String,
        parent: Identifier? = nil, createdMs: Int64
    ) {
        self.id = id
        self.user = user
        self.pattern = pattern
        self.text = text
        self.parent = parent
        isEdited = false
        self.createdMs = createdMs
        updatedMs = createdMs
    }

    /// Reads `id, user_id, pattern_id, text, parent_comment_id, is_edited, created_at, updated_at,
    /// deleted_at`.
    init(_ row: Row) throws(DatabaseError) {
        id = try row.identifier(0)
        user = try row.identifier(1)
        pattern = try row.identifier(2)
        text = try row.text(3)
        parent = try row.optionalIdentifier(4)
        isEdited = try row.boolean(5)
        createdMs = try row.integer(6)
        updatedMs = try row.integer(7)
        deletedMs = try row.optionalInteger(8)
    }
}

/// A comment in a list, as one reader sees it.
package struct ListedComment: Hashable, Sendable {
    package let comment: CommentRecord
    package let author: PersonRecord
    /// Places directly below it, empty ones included.
    package let replyCount: Int64
    /// The reader has blocked its author.
    package let isHidden: Bool

    init(_ row: Row) throws(DatabaseError) {
        comment = try CommentRecord(row)
        author = try PersonRecord(row, from: 9)
        replyCount = try row.integer(14)
        isHidden = try row.boolean(15)
    }

    package var bound: PageBound { PageBound(createdMs: comment.createdMs, id: comment.id) }
}
