import Model

/// What others do. `Protocol/notifications.md#feed`.
enum FeedMethods {
    private static let activity = Schema.named(
        "Activity",
        .object([
            .required("number", .count, "in the order of the commits"),
            .required(
                "kind",
                .enumeration([
                    "pattern_created", "pattern_published", "pattern_forked", "pattern_liked",
                    "user_followed", "comment_created",
                ]), "what was done"),
            .required("createdAtMs", .timeMs, "when"),
            .required("actor", SocialMethods.author, "who did it"),
            .optional(
                "pattern",
                .object([
                    .required("id", .identifier, "the pattern's"),
                    .required("title", .text(1...Limits.titleCharactersMax, .line), "its title"),
                    .required("ownerName", .shownName, "what its owner is called"),
                ]), "what it is about"),
            .optional("user", SocialMethods.author, "who was followed"),
            .optional(
                "comment",
                .object([
                    .required("id", .identifier, "the comment's"),
                    .required(
                        "text", .text(0...Limits.noticeTextCharactersMax, .multiline),
                        "how it begins"),
                ]), "what was written"),
        ]))

    static let list = MethodDescription(
        "Lists what the people do whom the caller follows, newest first", caller: .user,
        rate: .read,
        params: SocialMethods.pageParams,
        result: .object([
            .required(
                "activities", .array(activity, count: 0...Limits.pageRowsMax), "newest first"),
            .required("epoch", .count, "of number"),
            .required("number", .count, "the last one of all at that moment"),
            SocialMethods.next,
        ]),
        errors: [.busy, .readOnly],
        examples: [
            .init(
                "somebody liked a pattern", params: [:],
                result: [
                    "activities": [
                        [
                            "number": 7, "kind": "pattern_liked",
                            "createdAtMs": Examples.timeMs,
                            "actor": [
                                "id": Examples.user, "displayName": "Ana", "avatarUrl": .null,
                            ],
                            "pattern": [
                                "id": Examples.pattern, "title": "Son montuno",
                                "ownerName": "Bea",
                            ],
                        ]
                    ], "epoch": Examples.timeMs, "number": 7,
                ])
        ])
}
