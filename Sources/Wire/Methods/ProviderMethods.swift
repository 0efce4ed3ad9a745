import Model

/// Sign-in with other services. `Protocol/providers.md`.
enum ProviderMethods {
    /// The names in the data model.
    private static let names = ["google", "apple", "facebook"]
    private static let clientIDCharactersMax = 255
    private static let nonceCharactersMax = 255

    private static let provider = Schema.Member.required(
        "provider", .enumeration(names), "which service")
    private static let idToken = Schema.Member.required(
        "idToken", .secret(1...Limits.idTokenBytesMax), "as the service gave it")

    static let providers = MethodDescription(
        "Says which services one can sign in with, and gives a fresh nonce", caller: .anyone,
        rate: .read, params: [],
        result: .object([
            .required(
                "providers",
                .array(
                    .object([
                        .required("provider", .enumeration(names), "which service"),
                        .required(
                            "clientIds",
                            .array(
                                .text(1...clientIDCharactersMax, .ascii),
                                count: 1...Limits.clientIDsMax),
                            "what tokens may be for"),
                    ]), count: 0...names.count), "those that are on"),
            .required(
                "nonce", .text(1...nonceCharactersMax, .token),
                "for one sign-in, exactly as it is"),
            .required("nonceExpiresMs", .timeMs, "until when a token with it is taken"),
        ]),
        examples: [
            .init(
                "with one service", params: [:],
                result: [
                    "providers": [["provider": "google", "clientIds": ["web.example.org"]]],
                    "nonce": "q83vEjRWeJq83vEjRWeJqw", "nonceExpiresMs": Examples.timeMs,
                ])
        ])

    static let signInWith = MethodDescription(
        "Checks an ID token, and makes a session, and an account if there is none",
        caller: .anyone, rate: .account, params: [provider, idToken],
        result: AccountMethods.signIn.result,
        errors: [.unauthenticated, .unavailable, .taken, .forbidden, .busy, .readOnly],
        examples: [
            .init(
                "with Google",
                params: ["provider": "google", "idToken": "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"],
                result: AccountMethods.signIn.examples[0].result)
        ])

    static let link = MethodDescription(
        "Lets the account be signed in to with another service", caller: .user, rate: .account,
        params: [
            provider, idToken,
            .optional("password", AccountMethods.password, "needed where there is one"), .opId,
        ], result: .nothing,
        errors: [
            .unauthenticated, .throttled, .unavailable, .taken, .conflict, .busy, .readOnly,
        ],
        examples: [
            .init(
                "Google",
                params: [
                    "provider": "google", "idToken": "eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
                    "password": "son montuno 1941", "opId": Examples.opId,
                ], result: [:])
        ])

    static let unlink = MethodDescription(
        "Takes a service away from the account", caller: .user, rate: .account,
        params: [provider, .opId], result: .nothing,
        errors: [.conflict, .notFound, .busy, .readOnly],
        examples: [
            .init("Google", params: ["provider": "google", "opId": Examples.opId], result: [:])
        ])
}
