import Model

/// Patterns outside their rooms. `Protocol/wire.md#methods`.
enum PatternMethods {
    /// A pattern as it stands, in the shape of the data model.
    static let pattern = Schema.named(
        "Pattern",
        .object([
            .required("id", .identifier, "also names its room"),
            .required("userId", .identifier, "its owner"),
            .required("title", .title, "its name"),
            .required("description", .patternDescription, "more about it"),
            .required("flavor", .flavor, "the machine that is shown"),
            .required("bpm", .bpm, "tempo of that machine"),
            .required("keyNote", .keyNote, "semitones above C of that machine"),
            .required("isPublic", .boolean, "whether everybody may see it"),
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
            .required("createdAtMs", .timeMs, "when it was made"),
            .required("updatedAtMs", .timeMs, "when it was last changed"),
            .required("epoch", .count, "of its room"),
            .required("number", .count, "of the last edit that is in here"),
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
                "configuration",
                .object([
                    .required(
                        "instruments", .array(instrument, count: 0...instrumentsMax),
                        "each id once")
                ]), "every instrument of the flavor if left out"),
        ],
        result: .object([.required("pattern", pattern, "as it was made")]),
        errors: [.busy, .readOnly],
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

    static let example: JSON = [
        "id": Examples.pattern, "userId": Examples.user, "title": "Son de la loma",
        "description": "", "flavor": "Salsa", "bpm": 120, "keyNote": 0, "isPublic": true,
        "configuration": [
            "instruments": [
                [
                    "id": "clave", "enabled": true, "activeProgram": 0, "volume": 0.8,
                    "pitchOffset": 0,
                ]
            ]
        ],
        "machines": [
            "Salsa": [
                "bpm": 120, "keyNote": 0,
                "instruments": [
                    "clave": [
                        "enabled": true, "activeProgram": 0, "volume": 0.8, "pitchOffset": 0,
                    ]
                ],
            ],
            "Merengue": ["bpm": 160, "keyNote": 0, "instruments": [:]],
        ],
        "createdAtMs": Examples.timeMs, "updatedAtMs": Examples.timeMs,
        "epoch": Examples.timeMs, "number": 0,
    ]
}
