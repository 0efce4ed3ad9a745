import Model

/// What belongs to an account, and leaving it. `Protocol/accounts.md#methods`.
enum ProfileMethods {
    static let get = MethodDescription(
        "Gives the caller's own account", caller: .user, rate: .read, params: [],
        result: .object([
            .required("account", account, "all but the password"),
            .required("preferences", preferences, "how they like things"),
        ]),
        errors: [.busy],
        examples: [
            .init(
                "as it was made", params: [:],
                result: ["account": accountExample, "preferences": preferencesExample])
        ])

    static let update = MethodDescription(
        "Changes the public profile; null takes a part of it away", caller: .user, rate: .write,
        params: [
            .optional("displayName", AccountMethods.displayName, "what others call them"),
            .optional("avatarUrl", .nullable(avatarURL), "a picture of them"),
            .optional("bio", .nullable(bio), "a few words about them"),
            .opId,
        ],
        result: .object([.required("account", account, "as it is now")]),
        errors: [.throttled, .conflict, .busy, .readOnly],
        examples: [
            .init(
                "another name", params: ["displayName": "Ana", "opId": Examples.opId],
                result: ["account": accountExample])
        ])

    static let setPreferences = MethodDescription(
        "Changes those preferences that are given", caller: .user, rate: .write,
        params: preferenceMembers.map { .optional($0.name, $0.schema, $0.about) } + [.opId],
        result: .object([.required("preferences", preferences, "all, as they are now")]),
        errors: [.conflict, .busy, .readOnly],
        examples: [
            .init(
                "a slower start", params: ["defaultBpm": 120, "opId": Examples.opId],
                result: ["preferences": preferencesExample])
        ])

    static let changePassword = MethodDescription(
        "Changes the password, and ends the user's other sessions", caller: .user, rate: .account,
        params: [
            .required("password", AccountMethods.password, "the one until now"),
            .required("newPassword", AccountMethods.newPassword, "not easy to guess"),
            .opId,
        ],
        result: .nothing,
        errors: [.unauthenticated, .weakPassword, .throttled, .conflict, .busy, .readOnly],
        examples: [
            .init(
                "after a doubt",
                params: [
                    "password": "son montuno 1941", "newPassword": "guaguanco callejero",
                    "opId": Examples.opId,
                ], result: [:])
        ])

    static let deactivate = leaving(
        "Hides the account until its owner signs in again", result: .nothing, example: [:])

    static let delete = leaving(
        "Deletes the account; signing in within deletedAccountDays brings it back",
        result: .object([.required("restorableUntilMs", .timeMs, "after that it is gone")]),
        example: ["restorableUntilMs": 1_792_592_000_000])

    private static func leaving(
        _ summary: String, result: Schema, example: JSON
    ) -> MethodDescription {
        MethodDescription(
            summary, caller: .user, rate: .account,
            params: [
                .optional("password", AccountMethods.password, "needed where there is one"), .opId,
            ],
            result: result,
            errors: [.unauthenticated, .throttled, .conflict, .busy, .readOnly],
            examples: [
                .init(
                    "for good reasons",
                    params: ["password": "son montuno 1941", "opId": Examples.opId],
                    result: example)
            ])
    }

    static let export = MethodDescription(
        "Gives all that is kept of the user, page by page", caller: .user, rate: .search,
        params: [.optional("cursor", .cursor, "next of the page before")],
        result: .object([
            .required("section", .text(1...30, .token), "what the items are"),
            .required(
                "items", .array(.json, count: 0...Limits.exportRowsMax),
                "rows, with all they hold"),
            .optional("next", .cursor, "for the next page; missing on the last"),
        ]),
        errors: [.busy],
        examples: [
            .init(
                "the first page", params: [:],
                result: [
                    "section": "account", "items": [accountExample], "next": "preferences",
                ])
        ])

    static let avatarURL = Schema.text(1...Limits.avatarURLCharactersMax, .url)
    static let bio = Schema.text(1...Limits.bioCharactersMax, .multiline)

    static let account = Schema.named(
        "OwnAccount",
        .object([
            .required("id", .identifier, "the user's id"),
            .required("email", AccountMethods.email, "as it was written"),
            .required("emailVerified", .boolean, "whether a letter to it was answered"),
            .required("displayName", AccountMethods.displayName, "what others call them"),
            .required("avatarUrl", .nullable(avatarURL), "a picture of them"),
            .required("bio", .nullable(bio), "a few words about them"),
            .required("hasPassword", .boolean, "whether they can sign in with one"),
            .required(
                "provider", .nullable(.text(1...50, .token)), "who else can sign them in"),
            .required("isAdmin", .boolean, "whether they may call admin methods"),
            .required("createdAtMs", .timeMs, "when it was made"),
            .required("updatedAtMs", .timeMs, "when it was changed"),
            .required("lastLoginAtMs", .nullable(.timeMs), "when they last signed in"),
        ]))

    static let accountExample: JSON = [
        "id": Examples.user, "email": "ana@example.org", "emailVerified": true,
        "displayName": "Ana", "avatarUrl": .null, "bio": "Clave first", "hasPassword": true,
        "provider": .null, "isAdmin": false, "createdAtMs": Examples.timeMs,
        "updatedAtMs": Examples.timeMs, "lastLoginAtMs": Examples.timeMs,
    ]

    static let preferences = Schema.named("Preferences", .object(preferenceMembers))

    private static let preferenceMembers: [Schema.Member] = [
        .required("defaultBpm", .bpm, "of a new pattern"),
        .required("defaultKeyNote", .keyNote, "of a new pattern"),
        .required("defaultFlavor", .flavor, "of a new pattern"),
        .required("useGlassUI", .boolean, "of the page"),
        .required("autoPlay", .boolean, "of the page"),
        .required("showBeatNumbers", .boolean, "of the page"),
        .required("defaultVolume", .number(0...1), "of the page; hundredths"),
        .required("theme", .enumeration(["light", "dark", "auto"]), "of the page"),
        .required("language", AccountMethods.language, "of the page and of letters"),
        .required("notificationsEnabled", .boolean, "whether the inbox counts"),
        .required("emailNotifications", .boolean, "whether digests are mailed"),
    ]

    private static let preferencesExample: JSON = [
        "defaultBpm": 120, "defaultKeyNote": 0, "defaultFlavor": "Salsa", "useGlassUI": true,
        "autoPlay": false, "showBeatNumbers": true, "defaultVolume": 1, "theme": "light",
        "language": "en", "notificationsEnabled": true, "emailNotifications": true,
    ]
}
