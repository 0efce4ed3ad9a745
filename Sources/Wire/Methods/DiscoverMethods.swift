import Model

/// Finding patterns. `Protocol/discover.md`.
enum DiscoverMethods {
    static let discover = MethodDescription(
        "Finds patterns that everybody may see", caller: .guest, rate: .search,
        params: [
            .optional("flavor", .flavor, "which machine is shown"),
            .optional("bpmMin", .bpm, "the slowest"),
            .optional("bpmMax", .bpm, "the fastest"),
            .optional("keyNote", .keyNote, "semitones above C"),
            .optional(
                "instrument",
                .enumeration(InstrumentID.allCases.map(\.rawValue) + InstrumentID.aliases),
                "sounds in it"),
            .optional("owner", .identifier, "whose it is"),
            .optional(
                "text", .text(1...Limits.searchCharactersMax, .line),
                "words of its title, its description or its owner's name"),
            .optional(
                "sort", .enumeration(DiscoverSort.allCases.map(\.rawValue)),
                "newest if left out; with text: those with it in the title, the most liked first"),
            .optional("cursor", .cursor, "of the answer before"),
            .optional("limit", .integer(1...Int64(Limits.pageRowsMax)), "20 if left out"),
        ],
        result: .object([
            .required(
                "patterns", .array(PatternMethods.summary, count: 0...Limits.pageRowsMax),
                "at most limit; fewer do not mean the end"),
            .optional("next", .cursor, "goes on; left out at the end"),
        ]),
        errors: [.expired, .busy],
        examples: [
            .init(
                "of the owner's words",
                params: ["flavor": "Salsa", "bpmMin": 100, "text": "loma", "limit": 1],
                result: ["patterns": [PatternMethods.summaryExample], "next": "eyJiZWxvdyI6MX0"])
        ])
}
