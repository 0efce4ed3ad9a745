import Model

/// What an account does by letter. `Protocol/mail.md`.
enum MailMethods {
    private static let secret = Schema.Member.required(
        "secret", .secret(1...Limits.tokenCharactersMax), "of the letter's link")
    private static let secretExample: JSON =
        "b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184"

    static let requestVerification = MethodDescription(
        "Sends another letter that confirms the account's address", caller: .user,
        rate: .account, params: [.opId], result: .nothing,
        errors: [.conflict, .throttled, .busy, .readOnly],
        examples: [.init("again", params: ["opId": Examples.opId], result: [:])])

    static let verifyEmail = MethodDescription(
        "Confirms an address, or changes to it", caller: .anyone, rate: .account,
        params: [secret],
        result: .object([
            .required("email", AccountMethods.email, "the account's address, confirmed")
        ]),
        errors: [.expired, .taken, .busy, .readOnly],
        examples: [
            .init(
                "from a link", params: ["secret": secretExample],
                result: ["email": "ana@example.org"])
        ])

    static let changeEmail = MethodDescription(
        "Sends a letter to a new address, which becomes the account's by its link",
        caller: .user, rate: .account,
        params: [
            .required("email", AccountMethods.email, "the new address"),
            .required("password", AccountMethods.password, "the account's"),
            .opId,
        ], result: .nothing,
        errors: [.unauthenticated, .conflict, .throttled, .busy, .readOnly],
        examples: [
            .init(
                "to a new address",
                params: [
                    "email": "ana@example.net", "password": "correct horse",
                    "opId": Examples.opId,
                ], result: [:])
        ])

    static let requestPasswordReset = MethodDescription(
        "Sends a letter with which a new password is set, if there is such an account",
        caller: .anyone, rate: .account,
        params: [.required("email", AccountMethods.email, "the account's address")],
        result: .nothing,
        errors: [.busy, .readOnly],
        examples: [.init("forgot it", params: ["email": "ana@example.org"], result: [:])])

    static let resetPassword = MethodDescription(
        "Sets a new password, and ends all sessions of the account", caller: .anyone,
        rate: .account,
        params: [
            secret,
            .required("newPassword", AccountMethods.newPassword, "not easy to guess"),
        ], result: .nothing, errors: [.expired, .weakPassword, .busy, .readOnly],
        examples: [
            .init(
                "from a link",
                params: ["secret": secretExample, "newPassword": "guaguanco y rumba"],
                result: [:])
        ])
}
