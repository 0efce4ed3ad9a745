/// One writer's identity in one room. Random, never given twice. `Protocol/rooms.md#replicas`.
package struct ReplicaID: Hashable, Sendable, Comparable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package init?(_ text: String) {
        guard let word = Hexadecimal.word(text) else { return nil }
        rawValue = word
    }

    package var text: String { Hexadecimal.text(rawValue) }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
