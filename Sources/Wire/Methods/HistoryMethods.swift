import Model

/// Earlier versions of a pattern. `Protocol/history.md`.
enum HistoryMethods {
    private static let pattern = PatternMethods.patternID
    private static let number = Schema.Member.optional(
        "number", .count, "of an entry; or else version")
    private static let version = Schema.Member.required("version", .identifier, "its id")
    private static let optionalVersion = Schema.Member.optional(
        "version", .identifier, "its id; or else number")
    private static let name = Schema.Member.required(
        "name", .text(1...Limits.versionNameCharactersMax, .line), "what it is called")

    private static let entry = Schema.named(
        "HistoryEntry",
        .object([
            .required("number", .count, "of the document after it"),
            .required("firstNumber", .count, "of the first edit in it"),
            .required("userId", .nullable(.identifier), "who did it; null if it is not known"),
            .required(
                "userName", .nullable(.shownName),
                "what they are called; null without an account"),
            .required("editCount", .count, "edits in it; 0: how it began"),
            .required(
                "paths",
                .array(
                    .text(1...Limits.pointerCharactersMax, .exact),
                    count: 0...Limits.historyPathsMax), "what was changed"),
            .required("firstAtMs", .timeMs, "when it began"),
            .required("lastAtMs", .timeMs, "when it ended"),
        ]))

    private static let versionShape = Schema.named(
        "Version",
        .object([
            .required("id", .identifier, "its id"),
            .required("pattern", .identifier, "of which"),
            name,
            .required("number", .count, "of the document"),
            .required("userId", .nullable(.identifier), "who named it"),
            .required("createdAtMs", .timeMs, "when"),
        ]))
    private static let oneVersion = Schema.object([
        .required("version", versionShape, "as it is now")
    ])
    private static let versionExample: JSON = [
        "id": "0198c5f0-0000-7000-8000-0000000000c1", "pattern": Examples.pattern,
        "name": "For the party", "number": 57, "userId": Examples.user,
        "createdAtMs": Examples.timeMs,
    ]
    private static let writeErrors: [ErrorName] = [
        .notFound, .forbidden, .blocked, .conflict, .busy, .readOnly,
    ]

    static let list = MethodDescription(
        "Lists who changed what in a pattern, and when", caller: .user, rate: .read,
        params: [pattern] + SocialMethods.pageParams,
        result: .object([
            .required("entries", .array(entry, count: 0...Limits.pageRowsMax), "newest first"),
            SocialMethods.next,
        ]),
        errors: [.notFound, .forbidden, .blocked, .busy],
        examples: [
            .init(
                "one slider", params: ["pattern": Examples.pattern],
                result: [
                    "entries": [
                        [
                            "number": 57, "firstNumber": 31, "userId": Examples.user,
                            "userName": "Ana", "editCount": 27,
                            "paths": ["/machines/Salsa/bpm"], "firstAtMs": Examples.timeMs,
                            "lastAtMs": Examples.timeMs,
                        ]
                    ]
                ])
        ])

    static let get = MethodDescription(
        "Gives a pattern's document as it was", caller: .user, rate: .read,
        params: [pattern, number, optionalVersion],
        result: .object([
            .required("document", .object([]), "as merge.md#document"),
            .optional("number", .count, "as asked"),
            .optional("version", .identifier, "as asked"),
        ]),
        errors: [.notFound, .forbidden, .blocked, .busy],
        examples: [
            .init(
                "after an entry", params: ["pattern": Examples.pattern, "number": 57],
                result: ["document": ["title": "Son", "flavor": "Salsa"], "number": 57])
        ])

    static let restore = MethodDescription(
        "Makes a pattern as it was, by one new edit", caller: .user, rate: .write,
        params: [pattern, .opId, number, optionalVersion],
        result: PatternMethods.update.result,
        errors: PatternMethods.update.errors + [.blocked],
        examples: [
            .init(
                "after an entry",
                params: ["pattern": Examples.pattern, "opId": Examples.opId, "number": 57],
                result: PatternMethods.update.examples[0].result)
        ])

    static let create = MethodDescription(
        "Gives a pattern's document a name, so that it is kept", caller: .user, rate: .write,
        params: [pattern, .opId, name, .optional("number", .count, "of an entry; as it is now")],
        result: oneVersion, errors: writeErrors + [.limit],
        examples: [
            .init(
                "as it is now",
                params: [
                    "pattern": Examples.pattern, "opId": Examples.opId, "name": "For the party",
                ], result: ["version": versionExample])
        ])

    static let versions = MethodDescription(
        "Lists the named versions of a pattern", caller: .user, rate: .read, params: [pattern],
        result: .object([
            .required(
                "versions", .array(versionShape, count: 0...Limits.versionsPerPatternMax),
                "newest first")
        ]),
        errors: [.notFound, .forbidden, .blocked, .busy],
        examples: [
            .init(
                "one", params: ["pattern": Examples.pattern],
                result: ["versions": [versionExample]])
        ])

    static let rename = MethodDescription(
        "Gives a version another name", caller: .user, rate: .write,
        params: [version, .opId, name], result: oneVersion, errors: writeErrors,
        examples: [
            .init(
                "better",
                params: [
                    "version": "0198c5f0-0000-7000-8000-0000000000c1", "opId": Examples.opId,
                    "name": "For the party",
                ], result: ["version": versionExample])
        ])

    static let delete = MethodDescription(
        "Forgets a named version", caller: .user, rate: .write, params: [version, .opId],
        result: .nothing, errors: writeErrors,
        examples: [
            .init(
                "one",
                params: [
                    "version": "0198c5f0-0000-7000-8000-0000000000c1", "opId": Examples.opId,
                ], result: [:])
        ])
}
