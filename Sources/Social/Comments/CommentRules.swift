package import Model
package import Wire

/// What a comment may be, and who may change it. `Protocol/social.md#comments`.
package enum CommentRules {
    /// - Throws: `invalidParams` for a text in which nothing can be seen.
    package static func checkText(_ text: String) throws(WireError) {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw WireError(
                .invalidParams, "text is not valid", path: "/text",
                allowed: "text of 1 to \(Limits.commentCharactersMax) characters, not only blanks")
        }
    }

    /// - Parameter level: of the comment that is answered, 1 for one that answers none.
    package static func checkLevel(_ level: Int) throws(WireError) {
        guard level < Limits.commentDepthMax else {
            throw WireError(
                .limit, "answers nest no deeper: answer the comment above", path: "/parent",
                allowed: "\(Limits.commentDepthMax) levels")
        }
    }

    /// Only its author writes in it; administrators, too, can only delete.
    package static func checkEdit(
        by user: Identifier, author: Identifier
    ) throws(WireError) {
        guard user == author else {
            throw WireError(
                .forbidden, "only its author may edit it", path: "/comment", allowed: "author")
        }
    }

    package static var noComment: WireError {
        WireError(.notFound, "no such comment", path: "/comment")
    }

    package static func deleted(_ path: String) -> WireError {
        WireError(.deleted, "this comment was deleted", path: path)
    }
}
