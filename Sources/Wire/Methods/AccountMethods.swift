import Model

/// Coming in: making an account, signing in, sockets that change their session.
/// `Protocol/accounts.md#methods`.
enum AccountMethods {
    static let email = Schema.text(3...Limits.emailCharactersMax, .email)
    static let displayName = Schema.text(1...Limits.displayNameCharactersMax, .name)
    /// A tag such as `en` or `pt-BR` (RFC 5646).
    static let language = Schema.text(2...Limits.languageCharactersMax, .token)
    /// One that is chosen now; older ones may be shorter.
    static let newPassword = Schema.secret(Limits.passwordBytesMin...Limits.passwordBytesMax)
    static let password = Schema.secret(1...Limits.passwordBytesMax)

    /// What every way of signing in gives.
    static let signedIn = Schema.object([
        .required("token", .text(1...Limits.tokenCharactersMax, .token), "to be kept"),
        .required("expiresMs", .timeMs, "when it ends, unless it is used before"),
        .required("user", SessionMethods.person, "who signed in"),
    ])

    static let signedInExample: JSON = [
        "token": Examples.token, "expiresMs": 1_792_592_000_000,
        "user": ["id": Examples.user, "displayName": "Ana"],
    ]

    static let register = MethodDescription(
        "Makes an account and signs it in", caller: .anyone, rate: .account,
        params: [
            .required("email", email, "the account's address; its case does not matter"),
            .required("password", newPassword, "not one that is easy to guess"),
            .required("displayName", displayName, "what others call them"),
            .optional("language", language, "of letters to them; otherwise English"),
        ],
        result: signedIn, errors: [.taken, .weakPassword, .throttled, .busy, .readOnly],
        examples: [
            .init(
                "a new dancer",
                params: [
                    "email": "ana@example.org", "password": "son montuno 1941",
                    "displayName": "Ana", "language": "es",
                ],
                result: signedInExample)
        ])

    static let signIn = MethodDescription(
        "Checks a password and makes a session", caller: .anyone, rate: .account,
        params: [
            .required(
                "email", .text(1...Limits.emailCharactersMax, .line), "the account's address"),
            .required("password", password, "as it was typed"),
        ],
        result: signedIn, errors: [.unauthenticated, .forbidden, .throttled, .busy, .readOnly],
        examples: [
            .init(
                "with an address and a password",
                params: ["email": "ana@example.org", "password": "son montuno 1941"],
                result: signedInExample)
        ])

    static let renew = MethodDescription(
        "Puts another session of the same user in the place of this socket's", caller: .user,
        needsStream: true, rate: .read,
        params: [
            .required("token", .secret(1...Limits.tokenCharactersMax), "of a later sign-in")
        ],
        result: .object([
            .required("expiresMs", .timeMs, "when that session ends, unless it is used before")
        ]),
        errors: [.unauthenticated, .busy],
        examples: [
            .init(
                "after signing in again", params: ["token": Examples.token],
                result: ["expiresMs": 1_792_592_000_000])
        ])

    static let signOut = MethodDescription(
        "Ends the session of this call, and closes its sockets", caller: .user, rate: .write,
        params: [.opId], result: .nothing, errors: [.conflict, .busy, .readOnly],
        examples: [.init("from a phone", params: ["opId": Examples.opId], result: [:])])

    static let signOutEverywhere = MethodDescription(
        "Ends all sessions of the user, this one too", caller: .user, rate: .write,
        params: [.opId],
        result: .object([.required("sessionCount", .count, "how many ended")]),
        errors: [.conflict, .busy, .readOnly],
        examples: [
            .init(
                "a phone was lost", params: ["opId": Examples.opId],
                result: ["sessionCount": 3])
        ])

    static let sessions = MethodDescription(
        "Lists where the user is signed in, the last used first", caller: .user, rate: .read,
        params: [],
        result: .object([
            .required(
                "sessions", .array(session, count: 0...Limits.sessionsPerUserMax),
                "the last used first")
        ]),
        errors: [.busy],
        examples: [
            .init("one phone", params: [:], result: ["sessions": [sessionExample]])
        ])

    static let revokeSession = MethodDescription(
        "Ends one of the user's sessions, and closes its sockets", caller: .user, rate: .write,
        params: [.required("session", .identifier, "of account.sessions"), .opId],
        result: .nothing, errors: [.notFound, .conflict, .busy, .readOnly],
        examples: [
            .init(
                "the lost phone",
                params: [
                    "session": "0198c5f0-0000-7000-8000-0000000000e1", "opId": Examples.opId,
                ], result: [:])
        ])

    static let session = Schema.named(
        "Session",
        .object([
            .required("id", .identifier, "to revoke it by; not the token"),
            .required(
                "address", .nullable(.text(1...45, .ascii)), "from where it was opened"),
            .required(
                "agent", .nullable(.text(1...Limits.userAgentCharactersMax, .line)),
                "what the client called itself"),
            .required("createdAtMs", .timeMs, "when it was opened"),
            .required("lastUsedAtMs", .timeMs, "noted at most hourly"),
            .required("expiresMs", .timeMs, "when it ends, unless it is used before"),
            .required("isCurrent", .boolean, "whether this call was made with it"),
        ]))

    static let sessionExample: JSON = [
        "id": "0198c5f0-0000-7000-8000-0000000000e1", "address": "203.0.113.9",
        "agent": "salsanor/1", "createdAtMs": Examples.timeMs, "lastUsedAtMs": Examples.timeMs,
        "expiresMs": 1_792_592_000_000, "isCurrent": true,
    ]
}
