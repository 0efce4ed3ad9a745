import Model

/// Opening a socket, and keeping it. `Protocol/wire.md#methods`.
enum SessionMethods {
    /// Who is signed in: just enough to greet them.
    static let person = Schema.named(
        "Person",
        .object([
            .required("id", .identifier, "their id"),
            .required("displayName", .shownName, "what others call them"),
        ]))

    static let open = MethodDescription(
        "Signs a socket in, or opens a guest session", caller: .anyone, needsStream: true,
        rate: .free,
        params: [
            .optional(
                "token", .secret(1...Limits.tokenCharactersMax),
                "of account.signIn; without one the session is a guest's"),
            .optional(
                "resume",
                .array(.object(RoomMethods.joinParams), count: 0...Limits.roomsPerPeerMax),
                "rooms to join at once"),
            .optional(
                "streams", StreamMethods.byName(.nullable(StreamMethods.cursor)),
                "streams to open at once, with the cursor of each, or null"),
        ],
        result: .object([
            .required("user", .nullable(person), "null for a guest"),
            .required("timeMs", .timeMs, "the server's clock"),
        ]),
        errors: [.sessionOpen, .unauthenticated, .busy],
        examples: [
            .init(
                "a user comes back",
                params: [
                    "token": Examples.token, "resume": [["room": Examples.pattern]],
                ],
                result: [
                    "user": ["id": Examples.user, "displayName": "Ana"],
                    "timeMs": Examples.timeMs,
                ]),
            .init("a guest", params: [:], result: ["user": .null, "timeMs": Examples.timeMs]),
        ])

    static let heartbeat = MethodDescription(
        "Says that the client is there, and what it has applied", caller: .anyone,
        needsStream: true, rate: .free,
        params: [
            .optional(
                "rooms",
                .map(
                    keys: .identifier,
                    values: .object([
                        .optional("number", .count, "what was applied"),
                        .optional(
                            "confirmed", .integer(EditRequest.seqs),
                            "verdicts up to this seq were taken note of"),
                    ])), "by pattern id"),
            .optional(
                "streams", StreamMethods.byName(.count), "the last number applied, by stream"),
        ],
        result: .object([
            .required("timeMs", .timeMs, "the server's clock"),
            .optional(
                "streams", StreamMethods.byName(.count), "the last number sent, by stream"),
        ]),
        examples: [
            .init(
                "in one room",
                params: [
                    "rooms": ["0198c5f0-0000-7000-8000-000000000001": ["number": 57]],
                    "streams": ["inbox": 41],
                ],
                result: ["timeMs": Examples.timeMs, "streams": ["inbox": 42]])
        ])

    static let clock = MethodDescription(
        "Tells the server's clock, twice: when the question came and when the answer left",
        caller: .anyone, needsStream: true, rate: .free,
        params: [
            .optional(
                "sentMs", .number(-1e15...1e15), "by a clock of the client's; it is sent back")
        ],
        result: .object([
            .optional("sentMs", .number(-1e15...1e15), "as it came"),
            .required("receivedMs", .timeMs, "the server's clock when the question came"),
            .required("answeredMs", .timeMs, "the server's clock when the answer left"),
        ]),
        examples: [
            .init(
                "one probe", params: ["sentMs": 81_204.25],
                result: [
                    "sentMs": 81_204.25, "receivedMs": Examples.timeMs,
                    "answeredMs": Examples.timeMs,
                ])
        ])
}
