import Wire

extension SalsaClient {
    /// Comments by their ids; those of a pattern are with `patterns`.
    public var comments: CommentVerbs { CommentVerbs(client: self) }
}

/// Comments by their ids: `client.comments`. `Protocol/social.md#comments`. Errors are as in
/// ``PatternVerbs``.
public struct CommentVerbs: Sendable {
    let client: SalsaClient

    /// What directly answers a comment; the latest first.
    public func replies(_ comment: String) -> Listing<Comment> {
        Listing(client, .commentReplies, ["comment": comment], at: "comments")
    }

    /// Changes one's own.
    /// - Throws: `refused` with `deleted` for an empty place.
    @discardableResult
    public func update(
        _ comment: String, _ text: String
    ) async throws(ClientError) -> Comment {
        try await client.ask(.commentUpdate, ["comment": comment, "text": text], at: "comment")
    }

    /// Deletes one's own, or one on a pattern of one's own; its replies stay.
    public func delete(_ comment: String) async throws(ClientError) {
        try await client.ask(.commentDelete, ["comment": comment])
    }
}
