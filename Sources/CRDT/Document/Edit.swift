package import Model

/// What one edit does, already understood and inside its ranges: absolute values, whole or not at
/// all. `Protocol/rooms.md#edits`.
package struct Edit: Hashable, Sendable {
    package struct Assignment: Hashable, Sendable {
        package let path: FieldPath
        package let value: Scalar

        package init(path: FieldPath, value: Scalar) {
            self.path = path
            self.value = value
        }
    }

    package var removes: [InstrumentPath]
    package var adds: [InstrumentPath]
    package var sets: [Assignment]

    package init(
        removes: [InstrumentPath] = [], adds: [InstrumentPath] = [], sets: [Assignment] = []
    ) {
        self.removes = removes
        self.adds = adds
        self.sets = sets
    }

    package var isEmpty: Bool { removes.isEmpty && adds.isEmpty && sets.isEmpty }

    /// The first instrument that the edit both removes and brings back.
    package var contradiction: InstrumentPath? {
        removes.first { removed in
            adds.contains(removed)
                || sets.contains { assignment in
                    if case .instrument(removed, _) = assignment.path { true } else { false }
                }
        }
    }

    /// The first path that would be written twice; `bongo` and `bongos` are one.
    package var doubled: FieldPath? {
        for (index, assignment) in sets.enumerated()
        where sets[..<index].contains(where: { $0.path == assignment.path }) {
            return assignment.path
        }
        return nil
    }
}
