package import Model

/// The state of a pattern, and the delta of one edit: the same lattice. `Protocol/merge.md#join`.
package struct Document: Hashable, Sendable {
    package var fields: [FieldPath: Register]
    package var instruments: [InstrumentPath: Presence]
    /// The highest log number in here.
    package var number: Int64

    package init(
        fields: [FieldPath: Register] = [:], instruments: [InstrumentPath: Presence] = [:],
        number: Int64 = 0
    ) {
        self.fields = fields
        self.instruments = instruments
        self.number = number
    }

    /// Commutative, associative, idempotent.
    package mutating func join(_ other: Document) {
        joinFields(of: other)
        for (path, theirs) in other.instruments {
            instruments[path, default: Presence(tags: [], context: NumberSet())].join(theirs)
        }
        number = max(number, other.number)
    }

    /// Joins the delta of the next edit in the log's order. Everything up to it is known here, so
    /// the contexts that it touches shrink to one range.
    package mutating func append(_ delta: Document) {
        precondition(delta.number == number + 1, "the log has no gaps")
        joinFields(of: delta)
        number = delta.number
        for (path, presence) in delta.instruments {
            instruments[path, default: Presence(tags: [], context: NumberSet())]
                .append(presence, number: number)
        }
    }

    private mutating func joinFields(of other: Document) {
        for (path, theirs) in other.fields {
            if let ours = fields[path], !ours.loses(to: theirs) { continue }
            fields[path] = theirs
        }
    }

    package func isPresent(_ instrument: InstrumentPath) -> Bool {
        instruments[instrument]?.isPresent ?? false
    }

    /// The fields that no version of the catalogue has told us of.
    package func unknownFieldCount(catalogue: Catalogue) -> Int {
        fields.keys.count { FieldRule.rule(for: $0, catalogue: catalogue) == .unknown }
    }
}
