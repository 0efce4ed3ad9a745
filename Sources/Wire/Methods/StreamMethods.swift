import Model

/// Streams other than rooms. `Protocol/notifications.md#streams-and-delivery`.
enum StreamMethods {
    static let nameCharacters = 1...Limits.streamNameCharactersMax

    static let cursor = Schema.object([
        .required("epoch", .count, "of the history it counts in"),
        .required("number", .count, "the last one that was applied"),
    ])

    /// By name, as `session.open` and `heartbeat` have them.
    static func byName(_ values: Schema) -> Schema {
        .map(keys: .text(nameCharacters, .line), values: values)
    }

    static let open = MethodDescription(
        "Opens a stream, from a cursor on", caller: .guest, needsStream: true, rate: .read,
        params: [
            .required("stream", .text(nameCharacters, .line), "inbox, feed or pattern:<id>"),
            .optional("cursor", cursor, "where the client is; without one it goes on from now"),
        ],
        result: .object([
            .required("recovered", .boolean, "whether all after the cursor follows"),
            .required("epoch", .count, "of number"),
            .required("number", .count, "what comes next is after this"),
        ]),
        errors: [.forbidden, .notFound, .limit, .busy, .readOnly],
        examples: [
            .init(
                "an inbox after an absence",
                params: [
                    "stream": "inbox", "cursor": ["epoch": Examples.timeMs, "number": 41],
                ],
                result: ["recovered": true, "epoch": Examples.timeMs, "number": 41])
        ])

    static let close = MethodDescription(
        "Closes a stream", caller: .guest, needsStream: true, rate: .free,
        params: [
            .required("stream", .text(nameCharacters, .line), "one that is open")
        ],
        result: .nothing,
        examples: [.init("no more news", params: ["stream": "feed"], result: .object([:]))])
}
