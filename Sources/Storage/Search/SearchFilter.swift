package import Model

/// Which listed patterns are wanted.
package struct SearchFilter: Hashable, Sendable {
    package var flavor: Flavor?
    package var bpm: ClosedRange<Int64>
    package var keyNote: Int64?
    /// All of these sound.
    package var instruments: SearchInstruments
    package var owner: Identifier?

    package init(
        flavor: Flavor? = nil, bpm: ClosedRange<Int64> = 0...Int64.max, keyNote: Int64? = nil,
        instruments: SearchInstruments = [], owner: Identifier? = nil
    ) {
        self.flavor = flavor
        self.bpm = bpm
        self.keyNote = keyNote
        self.instruments = instruments
        self.owner = owner
    }

    package func allows(_ entry: SearchEntry) -> Bool {
        (flavor == nil || flavor?.rawValue == entry.flavor) && bpm ~= entry.bpm
            && (keyNote == nil || keyNote == entry.keyNote)
            && entry.instruments.isSuperset(of: instruments)
            && (owner == nil || owner == entry.owner)
    }

    /// As the statements take them, in this order.
    var values: [Value] {
        [
            .text(flavor?.rawValue), .integer(bpm.lowerBound), .integer(bpm.upperBound),
            .integer(keyNote), .integer(instruments.rawValue), .identifier(owner),
        ]
    }
}

/// What is known of a pattern without its row of `patterns`.
package struct SearchEntry: Hashable, Sendable {
    /// Greater means published later.
    package let number: Int64
    package let pattern: Identifier
    package let owner: Identifier
    package let flavor: String
    package let bpm: Int64
    package let keyNote: Int64
    package let instruments: SearchInstruments
}

/// A listed pattern as one caller may see it.
package struct ListedPattern: Hashable, Sendable {
    package let id: Identifier
    package let owner: Identifier
    package let ownerName: String
    package let title: String
    package let description: String
    package let flavor: String
    package let bpm: Int64
    package let keyNote: Int64
    /// What it is a fork of, if everybody may see that.
    package let original: Identifier?
    package let playCount: Int64
    package let likeCount: Int64
    package let commentCount: Int64
    package let forkCount: Int64
    package let createdMs: Int64
    package let updatedMs: Int64
    package let publishedMs: Int64?
    /// The caller's as a collaborator.
    package let role: Role?
}
