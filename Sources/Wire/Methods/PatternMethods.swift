import Model

/// Patterns outside their rooms. `Protocol/wire.md#methods`.
enum PatternMethods {
    /// What lists show of a pattern.
    private static let summaryMembers: [Schema.Member] = [
        .required("id", .identifier, "also names its room"),
        .required("userId", .identifier, "its owner"),
        .required("ownerName", .shownName, "what they are called"),
        .required("title", .title, "its name"),
        .required("description", .patternDescription, "more about it"),
        .required("flavor", .flavor, "the machine that is shown"),
        .required("bpm", .bpm, "tempo of that machine"),
        .required("keyNote", .keyNote, "semitones above C of that machine"),
        .required("isPublic", .boolean, "whether everybody may see it"),
        .required("role", .role, "what the caller may do with it"),
        .required(
            "originalId", .nullable(.identifier),
            "what it is a fork of, if the caller may see that"),
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

    /// A pattern as it stands, in the shape of the data model.
    static let pattern = Schema.named(
        "Pattern",
        .object(
            summaryMembers + [
                .required(
                    "configuration",
                    .object([
                        .required(
                            "instruments", .array(instrument, count: 0...instrumentsMax),
                            "those of the machine that is shown")
                    ]), "the machine that is shown"),
                .required(
                    "machines", .map(keys: .flavor, values: .object([])),
                    "both machines, as in its document"),
                .required("epoch", .count, "of its room"),
                .required("number", .count, "of the last edit that is in here"),
                .optional("isLiked", .boolean, "by the caller"),
            ]))

    /// Its other members are fields of the document, and have that page's rules.
    static let instrument = Schema.object([
        .required("id", .text(1...Limits.fieldNameBytesMax, .line), "of the catalogue"),
        .optional("enabled", .boolean, "whether it sounds"),
        .optional("activeProgram", .count, "which of its programs"),
        .optional("volume", .number(0...1), "kept in hundredths"),
        .optional("pitchOffset", .integer(-127...127), "semitones"),
    ])

    static let instrumentsMax =
        Flavor.allCases.map { Catalogue.current.flavor($0).instruments.count }.max() ?? 0

    private static let configuration = Schema.object([
        .required("instruments", .array(instrument, count: 0...instrumentsMax), "each id once")
    ])
    static let patternID = Schema.Member.required("pattern", .identifier, "its id")
    static let onePattern = Schema.object([.required("pattern", pattern, "as it stands")])

    static let create = MethodDescription(
        "Makes a pattern", caller: .user, rate: .write,
        params: [
            .required("title", .title, "its name"),
            .opId,
            .optional("description", .patternDescription, "more about it"),
            .optional("flavor", .flavor, "which machine is shown"),
            .optional("bpm", .bpm, "tempo of that machine"),
            .optional("keyNote", .keyNote, "semitones above C of that machine"),
            .optional("isPublic", .boolean, "whether everybody may see it; true if left out"),
            .optional(
                "configuration", configuration, "every instrument of the flavor if left out"),
        ],
        result: .object([.required("pattern", pattern, "as it was made")]),
        errors: [.limit, .conflict, .busy, .readOnly],
        examples: [
            .init(
                "with one instrument",
                params: [
                    "title": "Son de la loma", "opId": Examples.opId, "bpm": 120,
                    "configuration": ["instruments": [["id": "clave", "volume": 0.8]]],
                ], result: ["pattern": example])
        ])

    static let get = MethodDescription(
        "Gives a pattern as it stands now", caller: .guest, rate: .read,
        params: [.required("pattern", .identifier, "its id")],
        result: .object([.required("pattern", pattern, "as it stands")]),
        errors: [.notFound, .busy],
        examples: [
            .init("by its id", params: ["pattern": Examples.pattern], result: ["pattern": example])
        ])

    static let list = MethodDescription(
        "Lists the caller's patterns, or those that somebody has published", caller: .guest,
        rate: .read,
        params: [
            .optional("owner", .identifier, "whose; the caller's own if left out")
        ] + SocialMethods.pageParams,
        result: .object([
            .required(
                "patterns", .array(summary, count: 0...Limits.pageRowsMax), "newest first"),
            SocialMethods.next,
        ]),
        errors: [.notFound, .forbidden, .busy],
        examples: [
            .init("one's own", params: ["limit": 1], result: ["patterns": [summaryExample]])
        ])

    static let update = MethodDescription(
        "Changes a pattern as an edit of its room would", caller: .user, rate: .write,
        params: [
            patternID, .opId,
            .optional("title", .title, "its name"),
            .optional("description", .patternDescription, "more about it"),
            .optional("flavor", .flavor, "which machine is shown"),
            .optional("bpm", .bpm, "tempo of the machine that is shown then"),
            .optional("keyNote", .keyNote, "semitones above C of that machine"),
            .optional("configuration", configuration, "all instruments of that machine"),
        ],
        result: onePattern,
        errors: [
            .notFound, .forbidden, .conflict, .busy, .rate, .readOnly, .overloaded, .limit,
            .wrongType, .outOfRange, .length, .unknownPath, .empty,
        ],
        examples: [
            .init(
                "another tempo",
                params: ["pattern": Examples.pattern, "opId": Examples.opId, "bpm": 120],
                result: ["pattern": example])
        ])

    static let publish = MethodDescription(
        "Lets everybody see a pattern", caller: .user, rate: .write,
        params: [patternID, .opId], result: onePattern,
        errors: [.notFound, .forbidden, .conflict, .busy, .readOnly],
        examples: [
            .init(
                "one's own", params: ["pattern": Examples.pattern, "opId": Examples.opId],
                result: ["pattern": example])
        ])

    static let unpublish = MethodDescription(
        "Shows a pattern to its collaborators only", caller: .user, rate: .write,
        params: [patternID, .opId], result: onePattern,
        errors: [.notFound, .forbidden, .conflict, .busy, .readOnly],
        examples: [
            .init(
                "one's own", params: ["pattern": Examples.pattern, "opId": Examples.opId],
                result: ["pattern": example])
        ])

    static let delete = MethodDescription(
        "Deletes a pattern, for some days so that it can be had back", caller: .user,
        rate: .write, params: [patternID, .opId],
        result: .object([
            .required("restorableUntilMs", .timeMs, "until when it can be had back")
        ]),
        errors: [.notFound, .forbidden, .conflict, .busy, .readOnly],
        examples: [
            .init(
                "one's own", params: ["pattern": Examples.pattern, "opId": Examples.opId],
                result: ["restorableUntilMs": 1_790_604_800_000])
        ])

    static let restore = MethodDescription(
        "Brings a deleted pattern back", caller: .user, rate: .write,
        params: [patternID, .opId], result: onePattern,
        errors: [.notFound, .forbidden, .expired, .conflict, .busy, .readOnly],
        examples: [
            .init(
                "one's own", params: ["pattern": Examples.pattern, "opId": Examples.opId],
                result: ["pattern": example])
        ])

    static let deleted = MethodDescription(
        "Lists what the caller deleted and can have back", caller: .user, rate: .read,
        params: SocialMethods.pageParams,
        result: .object([
            .required(
                "patterns",
                .array(
                    .object([
                        .required("pattern", .identifier, "its id"),
                        .required("title", .title, "its name"),
                        .required("deletedAtMs", .timeMs, "when it was deleted"),
                        .required("restorableUntilMs", .timeMs, "until when it can be had back"),
                    ]), count: 0...Limits.pageRowsMax), "newest pattern first"),
            SocialMethods.next,
        ]),
        errors: [.busy],
        examples: [
            .init(
                "one", params: [:],
                result: [
                    "patterns": [
                        [
                            "pattern": Examples.pattern, "title": "Son de la loma",
                            "deletedAtMs": Examples.timeMs,
                            "restorableUntilMs": 1_790_604_800_000,
                        ]
                    ]
                ])
        ])

    static let fork = MethodDescription(
        "Makes a pattern of one's own that starts as another stands", caller: .user,
        rate: .write,
        params: [
            patternID, .opId,
            .optional("title", .title, "its name; the original's with (fork) if left out"),
        ],
        result: onePattern,
        errors: [.notFound, .forbidden, .blocked, .limit, .conflict, .busy, .readOnly],
        examples: [
            .init(
                "with a title of its own",
                params: [
                    "pattern": "0198c5f0-0000-7000-8000-000000000002", "opId": Examples.opId,
                    "title": "Son de la loma",
                ],
                result: ["pattern": example])
        ])

    static let play = MethodDescription(
        "Says that a pattern is being listened to", caller: .guest, rate: .write,
        params: [
            patternID,
            .optional("opId", .identifier, "as for every write; guests have none"),
        ],
        result: .object([
            .required("isCounted", .boolean, "false when this listener was counted lately"),
            .required("playCount", .count, "listeners counted so far"),
        ]),
        errors: [.notFound, .conflict, .busy, .readOnly],
        examples: [
            .init(
                "for the first time",
                params: ["pattern": Examples.pattern, "opId": Examples.opId],
                result: ["isCounted": true, "playCount": 1])
        ])

    private static let summaryExampleMembers: JSON.Object = [
        "id": Examples.pattern, "userId": Examples.user, "ownerName": "Ana",
        "title": "Son de la loma", "description": "", "flavor": "Salsa", "bpm": 120, "keyNote": 0,
        "isPublic": true, "role": "owner", "originalId": .null,
        "thumbnailUrl": "/v1/patterns/0198c5f0-0000-7000-8000-000000000001/thumbnail.svg",
        "playCount": 0, "likeCount": 0, "commentCount": 0, "forkCount": 0,
        "createdAtMs": Examples.timeMs, "updatedAtMs": Examples.timeMs,
        "publishedAtMs": Examples.timeMs,
    ]

    static let summaryExample = JSON.object(summaryExampleMembers)

    static let example: JSON = {
        var object = summaryExampleMembers
        object["configuration"] = [
            "instruments": [
                [
                    "id": "clave", "enabled": true, "activeProgram": 0, "volume": 0.8,
                    "pitchOffset": 0,
                ]
            ]
        ]
        object["machines"] = [
            "Salsa": [
                "bpm": 120, "keyNote": 0,
                "instruments": [
                    "clave": [
                        "enabled": true, "activeProgram": 0, "volume": 0.8, "pitchOffset": 0,
                    ]
                ],
            ],
            "Merengue": ["bpm": 160, "keyNote": 0, "instruments": [:]],
        ]
        object["epoch"] = Examples.timeMs
        object["number"] = 0
        object["isLiked"] = false
        return .object(object)
    }()
}
