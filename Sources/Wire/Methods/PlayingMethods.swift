import Model

/// What a room plays, and who leads. `Protocol/playing.md`.
enum PlayingMethods {
    private static let flavor = Schema.enumeration(Flavor.allCases.map(\.rawValue))
    private static let lock = Schema.enumeration(RoomPlaying.Lock.allCases.map(\.rawValue))
    private static let locks = Schema.array(lock, count: 0...RoomPlaying.Lock.allCases.count)
    private static let instruments = Schema.array(
        .text(1...Limits.fieldNameBytesMax, .token), count: 0...InstrumentID.allCases.count)

    static let playing = Schema.named(
        "RoomPlaying",
        .object([
            .required(
                "segments",
                .array(
                    .object([
                        .required("fromMs", .timeMs, "from when it holds, by the server's clock"),
                        .required("step", .count, "that sounds then, from the start"),
                        .required(
                            "part", .integer(0...(BeatSegment.partsPerStep - 1)),
                            "of it that has passed, in sixty-thousandths"),
                        .required("flavor", flavor, "the machine that sounds"),
                        .required("bpm", .integer(1...1_000), "dance counts per minute"),
                    ]), count: 0...2), "of steady beat; none when nothing plays"),
            .optional("endStep", .count, "the first step that does not sound any more"),
            .optional("solo", instruments, "what alone is to be heard"),
            .optional(
                "lead",
                .object([
                    .required("member", .nullable(.count), "who leads; null while away"),
                    .required("name", .shownName, "what they are called"),
                    .required("locks", locks, "what only they may do"),
                ]), "if somebody leads"),
        ]))

    private static let example: JSON = [
        "segments": [
            [
                "fromMs": .integer(1_790_000_000_300), "step": 0, "part": 0, "flavor": "Salsa",
                "bpm": 180,
            ]
        ]
    ]

    static let transport = MethodDescription(
        "Starts or stops a room for all, or lets some instruments be heard alone",
        caller: .guest, needsStream: true, rate: .write,
        params: [
            RoomMethods.room,
            .optional("playing", .boolean, "whether it shall play"),
            .optional("soon", .boolean, "a stop does not wait for the end of the cycle"),
            .optional("solo", instruments, "what alone is to be heard; empty for everything"),
        ],
        result: playing, errors: [.notJoined, .forbidden, .locked, .empty],
        examples: [
            .init(
                "starts", params: ["room": Examples.pattern, "playing": true], result: example)
        ])

    static let lead = MethodDescription(
        "Takes, gives or ends the lead of a room, and locks what only the leader may do",
        caller: .user, needsStream: true, rate: .write,
        params: [
            RoomMethods.room,
            .optional(
                "member", .integer(1...EditRequest.seqs.upperBound), "who shall lead; the caller"),
            .optional("locks", locks, "what only the leader may do"),
            .optional("end", .boolean, "nobody leads any more"),
        ],
        result: playing, errors: [.notJoined, .forbidden, .notFound],
        examples: [
            .init(
                "a teacher locks the tempo",
                params: ["room": Examples.pattern, "locks": ["tempo"]],
                result: [
                    "segments": [],
                    "lead": ["member": 3, "name": "Ana", "locks": ["tempo"]],
                ])
        ])
}
