import Model

/// Collaborators and share links. `Protocol/patterns.md#collaborators`.
enum SharingMethods {
    private static let pattern = PatternMethods.patternID
    private static let user = Schema.Member.required("user", .identifier, "who")
    /// One that can be given.
    private static let role = Schema.enumeration([Role.viewer.rawValue, Role.editor.rawValue])
    private static let givenRole = Schema.Member.required("role", role, "what they may do")
        private static let writeErrors: [ErrorName] = [.notFound, .conflict, .busy, .readOnly]

    private static let collaborator = Schema.named(
        "Collaborator",
        .object([
            .required("userId", .identifier, "who"),
            .required("displayName", .shownName, "what they are called"),
            givenRole,
            .required("createdAtMs", .timeMs, "when they were invited, or opened a link"),
            .required("acceptedAtMs", .nullable(.timeMs), "null while it is an invitation only"),
        ]))
    private static let oneCollaborator = Schema.object([
        .required("collaborator", collaborator, "as they are now")
    ])
    private static let collaboratorExample: JSON = [
        "userId": Examples.user, "displayName": "Ana", "role": "editor",
        "createdAtMs": Examples.timeMs, "acceptedAtMs": Examples.timeMs,
    ]
    private static let invitedExample: JSON = [
        "userId": Examples.user, "displayName": "Ana", "role": "editor",
        "createdAtMs": Examples.timeMs, "acceptedAtMs": .null,
    ]

    private static let link = Schema.named(
        "ShareLink",
        .object([
            .required("id", .identifier, "of the link"),
            .required("pattern", .identifier, "what it opens"),
            .required("role", role, "what it gives"),
            .required("createdAtMs", .timeMs, "when it was made"),
            .required("expiresMs", .timeMs, "when it ends"),
        ]))
    private static let linkExample: JSON = [
        "id": "0198c5f0-0000-7000-8000-0000000000b1", "pattern": Examples.pattern,
        "role": "viewer", "createdAtMs": Examples.timeMs, "expiresMs": 1_790_604_800_000,
    ]
    private static let secretExample: JSON =
        "sl_5f3c0000000000000000000000000000000000000000000000000000000000a1"

    static let collaborators = MethodDescription(
        "Lists who has a role in a pattern, or is invited", caller: .user, rate: .read,
        params: [pattern],
        result: .object([
            .required(
                "collaborators",
                .array(collaborator, count: 0...Limits.collaboratorsPerPatternMax), "all of them")
        ]),
        errors: [.notFound, .forbidden, .busy],
        examples: [
            .init(
                "one editor", params: ["pattern": Examples.pattern],
                result: ["collaborators": [collaboratorExample]])
        ])

    static let invite = MethodDescription(
        "Offers somebody a role in a pattern", caller: .user, rate: .write,
        params: [pattern, .opId, user, givenRole], result: oneCollaborator,
        errors: writeErrors + [.forbidden, .limit, .blocked],
        examples: [
            .init(
                "an editor",
                params: [
                    "pattern": Examples.pattern, "opId": Examples.opId, "user": Examples.user,
                    "role": "editor",
                ], result: ["collaborator": invitedExample])
        ])

    static let answerInvitation = MethodDescription(
        "Accepts or declines a role that was offered", caller: .user, rate: .write,
        params: [
            pattern, .opId, .required("accept", .boolean, "whether one takes the role"),
        ],
        result: .object([
            .required("role", .nullable(role), "what the caller may do now; null for nothing")
        ]),
        errors: writeErrors,
        examples: [
            .init(
                "accepts",
                params: ["pattern": Examples.pattern, "opId": Examples.opId, "accept": true],
                result: ["role": "editor"])
        ])

    static let invitations = MethodDescription(
        "Lists patterns of others in which the caller has a role, or is offered one",
        caller: .user, rate: .read, params: SocialMethods.pageParams,
        result: .object([
            .required(
                "invitations",
                .array(
                    .object([
                        .required("pattern", .identifier, "its id"),
                        .required("title", .title, "its name"),
                        .required("userId", .identifier, "its owner"),
                        .required("ownerName", .shownName, "what they are called"),
                        givenRole,
                        .required("createdAtMs", .timeMs, "when it was offered"),
                        .required(
                            "acceptedAtMs", .nullable(.timeMs), "null while it is only offered"),
                    ]), count: 0...Limits.pageRowsMax), "the latest first"),
            SocialMethods.next,
        ]),
        errors: [.busy],
        examples: [
            .init(
                "one", params: [:],
                result: [
                    "invitations": [
                        [
                            "pattern": Examples.pattern, "title": "Son de la loma",
                            "userId": Examples.user, "ownerName": "Ana", "role": "editor",
                            "createdAtMs": Examples.timeMs, "acceptedAtMs": .null,
                        ]
                    ]
                ])
        ])

    static let setRole = MethodDescription(
        "Gives a collaborator another role", caller: .user, rate: .write,
        params: [pattern, .opId, user, givenRole], result: oneCollaborator,
        errors: writeErrors + [.forbidden],
        examples: [
            .init(
                "makes an editor",
                params: [
                    "pattern": Examples.pattern, "opId": Examples.opId, "user": Examples.user,
                    "role": "editor",
                ], result: ["collaborator": collaboratorExample])
        ])

    static let removeCollaborator = MethodDescription(
        "Takes a role or an invitation away, or gives one's own up", caller: .user, rate: .write,
        params: [pattern, .opId, user], result: .nothing, errors: writeErrors + [.forbidden],
        examples: [
            .init(
                "somebody else",
                params: [
                    "pattern": Examples.pattern, "opId": Examples.opId, "user": Examples.user,
                ], result: [:])
        ])

    static let share = MethodDescription(
        "Makes a link that gives a role to whoever opens it", caller: .user, rate: .write,
        params: [
            pattern, .opId, givenRole, .optional("expiresMs", .timeMs, "when it shall end"),
        ],
        result: .object([
            .required("link", link, "what can be listed later"),
            .optional(
                "secret", .secret(1...Limits.tokenCharactersMax),
                "for pattern.openLink; given once, missing when the call is sent again"),
        ]),
        errors: writeErrors + [.forbidden, .limit],
        examples: [
            .init(
                "for a week",
                params: [
                    "pattern": Examples.pattern, "opId": Examples.opId, "role": "viewer",
                ], result: ["link": linkExample, "secret": secretExample])
        ])

    static let links = MethodDescription(
        "Lists the links of a pattern that can be opened", caller: .user, rate: .read,
        params: [pattern],
        result: .object([
            .required(
                "links", .array(link, count: 0...Limits.shareLinksPerPatternMax), "oldest first")
        ]),
        errors: [.notFound, .forbidden, .busy],
        examples: [
            .init(
                "one", params: ["pattern": Examples.pattern], result: ["links": [linkExample]])
        ])

    static let unshare = MethodDescription(
        "Ends a link; who has opened it keeps the role", caller: .user, rate: .write,
        params: [.required("link", .identifier, "its id"), .opId], result: .nothing,
        errors: writeErrors,
        examples: [
            .init(
                "one",
                params: [
                    "link": "0198c5f0-0000-7000-8000-0000000000b1", "opId": Examples.opId,
                ], result: [:])
        ])

    static let openLink = MethodDescription(
        "Takes up the role that a link gives", caller: .user, rate: .write,
        params: [
            .required("secret", .secret(1...Limits.tokenCharactersMax), "of pattern.share"), .opId,
        ],
        result: PatternMethods.onePattern,
        errors: [.expired, .limit, .blocked, .conflict, .busy, .readOnly],
        examples: [
            .init(
                "once", params: ["secret": secretExample, "opId": Examples.opId],
                result: ["pattern": PatternMethods.example])
        ])
}
