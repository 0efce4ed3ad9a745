package import Model

/// What the author of an edit had seen when making it. `Protocol/merge.md#seen`.
///
/// One's own earlier edits count as seen although the acknowledgement may still be on its way:
/// a hand on a slider sends the next value before it hears of the last.
package struct Seen: Hashable, Sendable {
    package let replica: ReplicaID
    /// Every edit numbered at most this, in the room's epoch.
    package let through: Int64

    package init(replica: ReplicaID, through: Int64) {
        self.replica = replica
        self.through = through
    }

    package func covers(_ author: ReplicaID, _ number: Int64) -> Bool {
        number <= through || author == replica
    }
}
