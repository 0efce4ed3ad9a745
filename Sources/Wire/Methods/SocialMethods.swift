import Model

/// Likes, comments, follows, blocks and profiles. `Protocol/social.md`.
enum SocialMethods {
    private static let pattern = Schema.Member.required("pattern", .identifier, "its id")
    private static let comment = Schema.Member.required("comment", .identifier, "its id")
    private static let user = Schema.Member.required("user", .identifier, "their id")
    private static let text = Schema.Member.required(
        "text", .text(1...Limits.commentCharactersMax, .multiline), "not only blanks")

    /// Of every list that is newest first.
    static let pageParams: [Schema.Member] = [
        .optional("cursor", .cursor, "next of the page before"),
        .optional("limit", .integer(1...Int64(Limits.pageRowsMax)), "rows; 50 if left out"),
    ]
    static let next = Schema.Member.optional("next", .cursor, "there is more: the next cursor")

    private static let personMembers: [Schema.Member] = [
        .required("id", .identifier, "their id"),
        .required("displayName", .shownName, "what others call them"),
        .required("avatarUrl", .nullable(ProfileMethods.avatarURL), "their picture"),
    ]

    static let author = Schema.named("Author", .object(personMembers))

    private static let listedPerson = Schema.named(
        "ListedUser",
        .object(personMembers + [.required("sinceMs", .timeMs, "when they came into the list")]))

    private static let profile = Schema.named(
        "Profile",
        .object(
            personMembers + [
                .required("bio", .nullable(ProfileMethods.bio), "about themselves"),
                .required("createdAtMs", .timeMs, "since when"),
                .required("followerCount", .count, "who follow them"),
                .required("followingCount", .count, "whom they follow"),
                .required("publicPatternCount", .count, "patterns that everybody may see"),
                .optional("isFollowing", .boolean, "the caller follows them"),
                .optional("isFollower", .boolean, "they follow the caller"),
                .optional("isBlocking", .boolean, "the caller has blocked them"),
            ]))

    private static let commentShape = Schema.named(
        "Comment",
        .object([
            .required("id", .identifier, "its id"),
            .required("pattern", .identifier, "what it is about"),
            .required("parent", .nullable(.identifier), "the comment it answers"),
            .required("user", .nullable(author), "null: deleted, hidden, or its author is gone"),
            .required("text", .text(0...Limits.commentCharactersMax, .multiline), "empty as well"),
            .required("isEdited", .boolean, "its text was another one"),
            .required("isDeleted", .boolean, "an empty place"),
            .required("isHidden", .boolean, "the caller has blocked its author"),
            .required("replyCount", .count, "places directly below it"),
            .required("createdAtMs", .timeMs, "when it was written"),
            .required("updatedAtMs", .timeMs, "when it was last changed"),
        ]))

    private static let likeResult = Schema.object([
        .required("isLiked", .boolean, "by the caller, now"),
        .required("likeCount", .count, "of the pattern, now"),
    ])
    private static let commentResult = Schema.object([
        .required("comment", commentShape, "as it stands"),
        .required("commentCount", .count, "of the pattern, now"),
    ])
    private static let people = Schema.object([
        .required("users", .array(listedPerson, count: 0...Limits.pageRowsMax), "newest first"),
        next,
    ])
    private static let comments = Schema.object([
        .required("comments", .array(commentShape, count: 0...Limits.pageRowsMax), "newest first"),
        next,
    ])

    // MARK: - Likes

    static let like = MethodDescription(
        "Likes a pattern", caller: .user, rate: .write, params: [pattern, .opId],
        result: likeResult, errors: writeErrors + [.forbidden, .blocked],
        examples: [
            .init(
                "the second like", params: ["pattern": Examples.pattern, "opId": Examples.opId],
                result: ["isLiked": true, "likeCount": 2])
        ])

    static let unlike = MethodDescription(
        "Takes a like back", caller: .user, rate: .write, params: [pattern, .opId],
        result: likeResult, errors: writeErrors + [.forbidden],
        examples: [
            .init(
                "one of two", params: ["pattern": Examples.pattern, "opId": Examples.opId],
                result: ["isLiked": false, "likeCount": 1])
        ])

    static let likes = MethodDescription(
        "Lists who likes a pattern", caller: .guest, rate: .read,
        params: [pattern] + pageParams, result: people, errors: readErrors,
        examples: [
            .init(
                "the first page", params: ["pattern": Examples.pattern],
                result: ["users": [.object(exampleListed)], "next": exampleCursor])
        ])

    // MARK: - Comments

    static let createComment = MethodDescription(
        "Writes a comment, or answers one", caller: .user, rate: .write,
        params: [
            pattern, text, .opId,
            .optional("parent", .identifier, "the comment that is answered"),
        ],
        result: commentResult, errors: writeErrors + [.forbidden, .blocked, .deleted, .limit],
        examples: [
            .init(
                "a comment",
                params: [
                    "pattern": Examples.pattern, "text": "Azúcar!", "opId": Examples.opId,
                ], result: ["comment": exampleComment, "commentCount": 1])
        ])

    static let updateComment = MethodDescription(
        "Changes one's own comment", caller: .user, rate: .write, params: [comment, text, .opId],
        result: commentResult, errors: writeErrors + [.forbidden, .blocked, .deleted],
        examples: [
            .init(
                "another text",
                params: [
                    "comment": exampleCommentID, "text": "Azúcar!", "opId": Examples.opId,
                ], result: ["comment": exampleComment, "commentCount": 1])
        ])

    static let deleteComment = MethodDescription(
        "Deletes a comment; its replies stay", caller: .user, rate: .write,
        params: [comment, .opId],
        result: .object([.required("commentCount", .count, "of the pattern, now")]),
        errors: writeErrors + [.forbidden],
        examples: [
            .init(
                "the only one", params: ["comment": exampleCommentID, "opId": Examples.opId],
                result: ["commentCount": 0])
        ])

    static let listComments = MethodDescription(
        "Lists the comments of a pattern that answer none", caller: .guest, rate: .read,
        params: [pattern] + pageParams, result: comments, errors: readErrors,
        examples: [
            .init(
                "the only page", params: ["pattern": Examples.pattern],
                result: ["comments": [exampleComment]])
        ])

    static let listReplies = MethodDescription(
        "Lists what directly answers a comment", caller: .guest, rate: .read,
        params: [comment] + pageParams, result: comments, errors: readErrors,
        examples: [
            .init("none", params: ["comment": exampleCommentID], result: ["comments": []])
        ])

    // MARK: - People

    static let getUser = MethodDescription(
        "Gives somebody's public profile", caller: .guest, rate: .read, params: [user],
        result: .object([.required("user", profile, "as everybody may see them")]),
        errors: readErrors,
        examples: [
            .init(
                "somebody one follows", params: ["user": Examples.user],
                result: ["user": .object(exampleProfile)])
        ])

    static let follow = MethodDescription(
        "Follows somebody", caller: .user, rate: .write, params: [user, .opId],
        result: .object([.required("isFollowing", .boolean, "now")]),
        errors: writeErrors + [.blocked, .limit],
        examples: [
            .init(
                "somebody", params: ["user": Examples.user, "opId": Examples.opId],
                result: ["isFollowing": true])
        ])

    static let unfollow = MethodDescription(
        "Follows somebody no longer", caller: .user, rate: .write, params: [user, .opId],
        result: .object([.required("isFollowing", .boolean, "now")]),
        errors: [.busy, .readOnly, .conflict],
        examples: [
            .init(
                "somebody", params: ["user": Examples.user, "opId": Examples.opId],
                result: ["isFollowing": false])
        ])

    static let followers = MethodDescription(
        "Lists who follows somebody", caller: .guest, rate: .read, params: [user] + pageParams,
        result: people, errors: readErrors,
        examples: [.init("nobody", params: ["user": Examples.user], result: ["users": []])])

    static let following = MethodDescription(
        "Lists whom somebody follows", caller: .guest, rate: .read, params: [user] + pageParams,
        result: people, errors: readErrors,
        examples: [
            .init(
                "one", params: ["user": Examples.user],
                result: ["users": [.object(exampleListed)]])
        ])

    static let block = MethodDescription(
        "Blocks somebody, and ends what there was between the two", caller: .user, rate: .write,
        params: [user, .opId],
        result: .object([.required("isBlocking", .boolean, "now")]),
        errors: writeErrors + [.limit],
        examples: [
            .init(
                "somebody", params: ["user": Examples.user, "opId": Examples.opId],
                result: ["isBlocking": true])
        ])

    static let unblock = MethodDescription(
        "Takes a block back", caller: .user, rate: .write, params: [user, .opId],
        result: .object([.required("isBlocking", .boolean, "now")]),
        errors: [.busy, .readOnly, .conflict],
        examples: [
            .init(
                "somebody", params: ["user": Examples.user, "opId": Examples.opId],
                result: ["isBlocking": false])
        ])

    static let blocked = MethodDescription(
        "Lists whom one has blocked", caller: .user, rate: .read, params: pageParams,
        result: people, errors: [.busy],
        examples: [.init("nobody", params: [:], result: ["users": []])])

    // MARK: - Shared

    private static let readErrors: [ErrorName] = [.notFound, .busy]
    private static let writeErrors: [ErrorName] = [.notFound, .busy, .readOnly, .conflict]

    static let exampleCommentID: JSON = "0198c5f0-0000-7000-8000-0000000000c1"
    static let exampleCursor: JSON = "000001a0c5f00000019ac5f00000700080000000000000c1"

    private static let exampleAuthor: JSON.Object = [
        "id": Examples.user, "displayName": "Ana", "avatarUrl": .null,
    ]
    private static let exampleListed: JSON.Object = [
        "id": Examples.user, "displayName": "Ana", "avatarUrl": .null,
        "sinceMs": Examples.timeMs,
    ]
    private static let exampleProfile: JSON.Object = [
        "id": Examples.user, "displayName": "Ana", "avatarUrl": .null, "bio": "Timbalera",
        "createdAtMs": Examples.timeMs, "followerCount": 12, "followingCount": 3,
        "publicPatternCount": 4, "isFollowing": true, "isFollower": false, "isBlocking": false,
    ]
    private static let exampleComment: JSON = [
        "id": exampleCommentID, "pattern": Examples.pattern, "parent": .null,
        "user": .object(exampleAuthor), "text": "Azúcar!", "isEdited": false, "isDeleted": false,
        "isHidden": false, "replyCount": 0, "createdAtMs": Examples.timeMs,
        "updatedAtMs": Examples.timeMs,
    ]
}
