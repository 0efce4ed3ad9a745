import Model

/// Finding patterns. `Protocol/discover.md`.
enum DiscoverMethods {
    private static let summaryMembers: [Schema.Member] = [
        .required("id", .identifier, "also names its room"),
        .required("userId", .identifier, "its owner"),
        .required(
            "ownerName", .text(1...Limits.displayNameCharactersMax, .exact), "what they are called"),
        .required("title", .title, "its name"),
        .required("description", .patternDescription, "more about it"),
        .required("flavor", .flavor, "the machine that is shown"),
        .required("bpm", .bpm, "tempo of that machine"),
        .required("keyNote", .keyNote, "semitones above C of that machine"),
        .required("isPublic", .boolean, "whether everybody may see it"),
        .required("role", .role, "what the caller may do with it"),
        .required(
            "originalId", .nullable(.identifier), "what it is a fork of, if the caller may see that"),
        .required(
            "thumbnailUrl", .text(1...Limits.pointerCharactersMax, .ascii),
            "its picture, on this server"),
        .required("playCount", .count, "once per listener and half hour"),
        .required("likeCount", .count, "people who like it"),
        .required("commentCount", .count, "comments, replies too"),
        .required("forkCount", .count, "patterns that began as this one"),
        .required("createdAtMs", .timeMs, "when it was made"),
        .required("updatedAtMs", .timeMs, "when it was last changed"),
        .required("publishedAtMs", .nullable(.timeMs), "since when everybody may see it"),
    ]

    /// A pattern as lists show it.
    static let summary = Schema.named("PatternSummary", .object(summaryMembers))

    static let discover = MethodDescription(
        "Finds patterns that everybody may see", caller: .guest, rate: .search,
        params: [
            .optional("flavor", .flavor, "which machine is shown"),
            .optional("bpmMin", .bpm, "the slowest"),
            .optional("bpmMax", .bpm, "the fastest"),
            .optional("keyNote", .keyNote, "semitones above C"),
            .optional(
                "instrument", .enumeration(InstrumentID.allCases.map(\.rawValue)),
                "sounds in it"),
            .optional("owner", .identifier, "whose it is"),
            .optional(
                "text", .text(1...Limits.searchCharactersMax, .line),
                "words of its title, its description or its owner's name"),
            .optional(
                "sort", .enumeration(["newest", "mostPlayed", "mostLiked", "trending"]),
                "newest if left out; with text: those with it in the title, the most liked first"),
            .optional("cursor", .cursor, "of the answer before"),
            .optional("limit", .integer(1...Int64(Limits.pageRowsMax)), "20 if left out"),
        ],
        result: .object([
            .required(
                "patterns", .array(summary, count: 0...Limits.pageRowsMax),
                "at most limit; fewer do not mean the end"),
            .optional("next", .cursor, "goes on; left out at the end"),
        ]),
        errors: [.expired, .busy],
        examples: [
            .init(
                "of the owner's words",
                params: ["flavor": "Salsa", "bpmMin": 100, "text": "loma", "limit": 1],
                result: ["patterns": [example], "next": "eyJiZWxvdyI6MX0"])
        ])

    private static let example: JSON = [
        "id": Examples.pattern, "userId": Examples.user, "ownerName": "Ana",
        "title": "Son de la loma", "description": "", "flavor": "Salsa", "bpm": 120, "keyNote": 0,
        "isPublic": true, "role": "guest", "originalId": .null,
        "thumbnailUrl": "/v1/patterns/0198c5f0-0000-7000-8000-000000000001/thumbnail.svg",
        "playCount": 0, "likeCount": 0, "commentCount": 0, "forkCount": 0,
        "createdAtMs": Examples.timeMs, "updatedAtMs": Examples.timeMs,
        "publishedAtMs": Examples.timeMs,
    ]
}
