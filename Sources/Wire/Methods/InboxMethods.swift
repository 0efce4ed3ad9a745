import Model

/// What happened to somebody. `Protocol/notifications.md#inbox`.
enum InboxMethods {
    private static let kind = Schema.enumeration(NoticeKind.allCases.map(\.rawValue))
    private static let pattern = Schema.Member.required("pattern", .identifier, "its id")

    private static let notice = Schema.named(
        "Notice",
        .object([
            .required("number", .count, "its place in the inbox"),
            .required("kind", kind, "what happened"),
            .required("createdAtMs", .timeMs, "when"),
            .required("isRead", .boolean, "it was marked read"),
            .required("actor", .nullable(SocialMethods.author), "who; null when they are gone"),
            .optional(
                "pattern",
                .nullable(
                    .object([
                        .required("id", .identifier, "its id"),
                        .required("title", .text(1...Limits.titleCharactersMax, .line), "now"),
                    ])), "what it is about; null when it may not be seen any more"),
            .optional(
                "comment",
                .nullable(
                    .object([
                        .required("id", .identifier, "its id"),
                        .required(
                            "text", .text(1...Limits.noticeTextCharactersMax, .multiline),
                            "how it begins"),
                    ])), "null when it may not be seen any more"),
            .optional("fork", .identifier, "the copy, when everybody may see it"),
            .optional(
                "role", .nullable(.enumeration(["viewer", "editor"])),
                "of an invitation, joined, role; null when it was taken"),
        ]))

    private static let group = Schema.named(
        "NoticeGroup",
        .object([
            .required("kind", kind, "what happened"),
            .required(
                "pattern",
                .nullable(
                    .object([
                        .required("id", .identifier, "its id"),
                        .required("title", .text(1...Limits.titleCharactersMax, .line), "now"),
                    ])), "what it is about"),
            .required("isRead", .boolean, "all of it"),
            .required("count", .count, "notices in it"),
            .required("through", .count, "the number of its newest"),
            .required(
                "actors", .array(SocialMethods.author, count: 0...Limits.groupActorsMax),
                "the latest, without those who are gone"),
            .required("actorCount", .count, "different people in it"),
            .required("newest", notice, "its newest"),
        ]))

    private static let head: [Schema.Member] = [
        .required("epoch", .count, "of the numbers"),
        .required("number", .count, "the last"),
        .required("unread", .count, "notices that are not read"),
    ]

    private static let settings = Schema.Member.required(
        "settings",
        .object(NoticeKind.allCases.map { .required($0.rawValue, .boolean, "it is told") }),
        "what is told")

    static let list = MethodDescription(
        "Lists one's notices", caller: .user, rate: .read, params: SocialMethods.pageParams,
        result: .object(
            [
                .required(
                    "notices", .array(notice, count: 0...Limits.pageRowsMax), "newest first")
            ] + head + [
                .required("floor", .count, "events up to this number are gone"),
                SocialMethods.next,
            ]), errors: [.busy],
        examples: [
            .init(
                "one of two", params: ["limit": 1],
                result: [
                    "notices": [exampleNotice], "epoch": Examples.timeMs, "number": 2, "unread": 2,
                    "floor": 0, "next": SocialMethods.exampleCursor,
                ])
        ])

    static let groups = MethodDescription(
        "Lists one's notices in groups", caller: .user, rate: .read,
        params: SocialMethods.pageParams,
        result: .object(
            [.required("groups", .array(group, count: 0...Limits.pageRowsMax), "newest first")]
                + head + [SocialMethods.next]), errors: [.busy],
        examples: [
            .init(
                "Ana and 41 others", params: [:],
                result: [
                    "groups": [
                        [
                            "kind": "like", "pattern": examplePattern, "isRead": false,
                            "count": 42, "through": 57, "actors": [exampleActor],
                            "actorCount": 42, "newest": exampleNotice,
                        ]
                    ], "epoch": Examples.timeMs, "number": 57, "unread": 42,
                ])
        ])

    static let markRead = MethodDescription(
        "Marks notices read", caller: .user, rate: .write,
        params: [
            .optional("through", .count, "all up to this number"),
            .optional("kind", kind, "of these, only those of this kind"),
            .optional("pattern", .identifier, "of these, only those about this pattern"),
            .optional(
                "numbers", .array(.count, count: 1...Limits.noticesPerMarkMax),
                "or just these"),
            .opId,
        ],
        result: .object([
            .required("number", .count, "the last of the inbox, now"),
            .required("unread", .count, "now"),
        ]), errors: writeErrors,
        examples: [
            .init(
                "everything", params: ["through": 57, "opId": Examples.opId],
                result: ["number": 58, "unread": 0])
        ])

    static let getSettings = MethodDescription(
        "Gives what one is told of", caller: .user, rate: .read, params: [],
        result: .object([
            settings,
            .required(
                "muted", .array(.identifier, count: 0...Limits.mutedPatternsMax),
                "patterns of which nothing is told"),
        ]), errors: [.busy],
        examples: [
            .init(
                "everything", params: [:],
                result: ["settings": exampleSettings, "muted": []])
        ])

    static let setSettings = MethodDescription(
        "Chooses what one is told of", caller: .user, rate: .write,
        params: [
            .required(
                "kinds",
                .object(NoticeKind.allCases.map { .optional($0.rawValue, .boolean, "tell it") }),
                "those that change"),
            .opId,
        ], result: .object([settings]), errors: writeErrors,
        examples: [
            .init(
                "forks, too", params: ["kinds": ["fork": true], "opId": Examples.opId],
                result: ["settings": exampleSettings])
        ])

    static let mute = MethodDescription(
        "Tells nothing of a pattern any more", caller: .user, rate: .write,
        params: [pattern, .opId],
        result: .object([.required("isMuted", .boolean, "now")]),
        errors: writeErrors + [.notFound, .limit],
        examples: [
            .init(
                "a pattern", params: ["pattern": Examples.pattern, "opId": Examples.opId],
                result: ["isMuted": true])
        ])

    static let unmute = MethodDescription(
        "Tells of a pattern again", caller: .user, rate: .write, params: [pattern, .opId],
        result: .object([.required("isMuted", .boolean, "now")]), errors: writeErrors,
        examples: [
            .init(
                "a pattern", params: ["pattern": Examples.pattern, "opId": Examples.opId],
                result: ["isMuted": false])
        ])

    private static let writeErrors: [ErrorName] = [.busy, .readOnly, .conflict]

    private static let exampleActor: JSON = [
        "id": Examples.user, "displayName": "Ana", "avatarUrl": .null,
    ]
    private static let examplePattern: JSON = ["id": Examples.pattern, "title": "Rumba"]
    private static let exampleNotice: JSON = [
        "number": 2, "kind": "like", "createdAtMs": Examples.timeMs, "isRead": false,
        "actor": exampleActor, "pattern": examplePattern,
    ]
    private static let exampleSettings: JSON = [
        "like": true, "comment": true, "reply": true, "mention": true, "fork": true,
        "follow": true, "invitation": true, "joined": true, "role": true,
    ]
}
