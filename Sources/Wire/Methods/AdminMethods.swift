import Model

/// What administrators see and do. `Protocol/social.md#administration`.
enum AdminMethods {
    private static let user = Schema.Member.required("user", .identifier, "their id")
    private static let reason = Schema.Member.required(
        "reason", .text(1...Limits.reasonCharactersMax, .line), "for the log")
    private static let time = Schema.nullable(.timeMs)

    private static let account = Schema.named(
        "Account",
        .object([
            .required("id", .identifier, "their id"),
            .required("email", .text(1...Limits.emailCharactersMax, .line), "their address"),
            .required("displayName", .shownName, "what others call them"),
            .required("isActive", .boolean, "whether they can sign in"),
            .required("isAdmin", .boolean, "whether they are an administrator"),
            .required("createdAtMs", .timeMs, "when they registered"),
            .required("lastLoginAtMs", time, "when they last signed in"),
            .required("deletedAtMs", time, "when they deleted the account"),
            .required("bannedAtMs", time, "when they were banned"),
        ]))

    private static let act = Schema.object([
        .required("id", .identifier, "its id"),
        .required("administrator", .nullable(.identifier), "null: on the server's machine"),
        .required("action", .text(1...50, .line), "what was done"),
        .required("target", .identifier, "to whom or what"),
        .required("reason", .text(0...Limits.reasonCharactersMax, .line), "why"),
        .required("createdAtMs", .timeMs, "when"),
    ])

    private static let accountResult = Schema.object([
        .required("user", account, "as it stands")
    ])

    static let users = MethodDescription(
        "Looks up accounts", caller: .admin, rate: .search,
        params: [
            .optional(
                "text", .text(1...Limits.emailCharactersMax, .line),
                "the beginning of an address, or an id")
        ] + SocialMethods.pageParams,
        result: .object([
            .required(
                "users", .array(account, count: 0...Limits.pageRowsMax),
                "newest first, or by address"), SocialMethods.next,
        ]), errors: [.busy],
        examples: [
            .init("by address", params: ["text": "ana@"], result: ["users": [example]])
        ])

    static let setActive = MethodDescription(
        "Bans somebody, or ends that", caller: .admin, rate: .write,
        params: [
            user, .required("isActive", .boolean, "false bans and ends all sessions"), reason,
            .opId,
        ],
        result: accountResult, errors: writeErrors,
        examples: [
            .init(
                "the end of a ban",
                params: [
                    "user": Examples.user, "isActive": true, "reason": "an error",
                    "opId": Examples.opId,
                ], result: ["user": example])
        ])

    static let setAdmin = MethodDescription(
        "Makes an administrator, or ends that; only on the server's machine", caller: .admin,
        rate: .write,
        params: [user, .required("isAdmin", .boolean, "whether they are one"), reason, .opId],
        result: accountResult, errors: writeErrors,
        examples: [
            .init(
                "no longer",
                params: [
                    "user": Examples.user, "isAdmin": false, "reason": "on leave",
                    "opId": Examples.opId,
                ], result: ["user": example])
        ])

    static let removePattern = MethodDescription(
        "Removes a pattern; its owner cannot restore it", caller: .admin, rate: .write,
        params: [.required("pattern", .identifier, "its id"), reason, .opId], result: .nothing,
        errors: writeErrors,
        examples: [
            .init(
                "one",
                params: [
                    "pattern": Examples.pattern, "reason": "spam", "opId": Examples.opId,
                ], result: [:])
        ])

    static let restorePattern = MethodDescription(
        "Restores a pattern that its owner deleted or an administrator removed", caller: .admin,
        rate: .write,
        params: [.required("pattern", .identifier, "its id"), reason, .opId], result: .nothing,
        errors: writeErrors + [.expired],
        examples: [
            .init(
                "one",
                params: [
                    "pattern": Examples.pattern, "reason": "an error", "opId": Examples.opId,
                ], result: [:])
        ])

    static let removeComment = MethodDescription(
        "Deletes a comment", caller: .admin, rate: .write,
        params: [.required("comment", .identifier, "its id"), reason, .opId], result: .nothing,
        errors: writeErrors,
        examples: [
            .init(
                "one",
                params: [
                    "comment": SocialMethods.exampleCommentID, "reason": "spam",
                    "opId": Examples.opId,
                ], result: [:])
        ])

    static let sessions = MethodDescription(
        "Lists somebody's sessions", caller: .admin, rate: .read, params: [user],
        result: .object([
            .required(
                "sessions",
                .array(AccountMethods.session, count: 0...Limits.sessionsPerUserMax),
                "the last used first")
        ]), errors: [.notFound, .busy],
        examples: [
            .init(
                "one", params: ["user": Examples.user],
                result: ["sessions": [AccountMethods.sessionExample]])
        ])

    static let revokeSession = MethodDescription(
        "Ends a session and its sockets", caller: .admin, rate: .write,
        params: [.required("session", .identifier, "its id"), reason, .opId],
        result: .object([.required("user", .identifier, "whose it was")]), errors: writeErrors,
        examples: [
            .init(
                "one",
                params: [
                    "session": Examples.opId, "reason": "stolen", "opId": Examples.opId,
                ], result: ["user": Examples.user])
        ])

    static let log = MethodDescription(
        "Lists what administrators did", caller: .admin, rate: .read,
        params: SocialMethods.pageParams,
        result: .object([
            .required("acts", .array(act, count: 0...Limits.pageRowsMax), "newest first"),
            SocialMethods.next,
        ]), errors: [.busy],
        examples: [
            .init(
                "one act", params: [:],
                result: [
                    "acts": [
                        [
                            "id": Examples.opId, "administrator": .null, "action": "ban",
                            "target": Examples.user, "reason": "spam",
                            "createdAtMs": Examples.timeMs,
                        ]
                    ]
                ])
        ])

    private static let writeErrors: [ErrorName] = [.notFound, .busy, .readOnly, .conflict]

    private static let example: JSON = [
        "id": Examples.user, "email": "ana@example.org", "displayName": "Ana", "isActive": true,
        "isAdmin": false, "createdAtMs": Examples.timeMs, "lastLoginAtMs": .null,
        "deletedAtMs": .null, "bannedAtMs": .null,
    ]
}
