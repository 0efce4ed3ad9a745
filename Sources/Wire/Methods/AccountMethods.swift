import Model

/// Accounts and their sessions. `Protocol/wire.md#methods`.
enum AccountMethods {
    static let signIn = MethodDescription(
        "Checks a password and makes a session", caller: .anyone, rate: .account,
        params: [
            .required(
                "email", .text(1...Limits.emailCharactersMax, .line), "the account's address"),
            .required("password", .secret(1...Limits.passwordBytesMax), "as it was typed"),
        ],
        result: .object([
            .required("token", .text(1...Limits.tokenCharactersMax, .token), "to be kept"),
            .required("expiresMs", .timeMs, "when it ends, unless it is used before"),
            .required("user", SessionMethods.person, "who signed in"),
        ]),
        errors: [.unauthenticated, .busy],
        examples: [
            .init(
                "with an address and a password",
                params: ["email": "ana@example.org", "password": "correct horse"],
                result: [
                    "token": Examples.token, "expiresMs": 1_792_592_000_000,
                    "user": ["id": Examples.user, "displayName": "Ana"],
                ])
        ])
}
