package import Model

/// Whether an instrument is in its machine: one element of an add-wins observed-remove set, as a
/// causal dot set (Almeida, Shoker, Baquero: arXiv 1603.01529 §7).
package struct Presence: Hashable, Sendable {
    /// An edit that added the instrument or set one of its fields.
    package struct Tag: Hashable, Sendable {
        package let number: Int64
        package let dot: Dot

        package init(number: Int64, dot: Dot) {
            self.number = number
            self.dot = dot
        }
    }

    /// The latest removal.
    package struct Removal: Hashable, Sendable {
        package let number: Int64
        package let replica: ReplicaID

        package init(number: Int64, replica: ReplicaID) {
            self.number = number
            self.replica = replica
        }
    }

    /// In the order of their numbers. Only edits that had not seen one another stand together, so
    /// there are never more than writers at the same moment, and never more than
    /// `Limits.tagsPerInstrumentMax`.
    package var tags: [Tag]
    /// The numbers of all edits whose tags are known here, living or removed.
    package var context: NumberSet
    package var removal: Removal?
    /// The number from which the instrument has been present without a break. May be later than
    /// the truth after a join, never earlier: a client is then told more than it needs.
    package var since: Int64

    package init(
        tags: [Tag], context: NumberSet, removal: Removal? = nil, since: Int64 = 0
    ) {
        self.tags = tags
        self.context = context
        self.removal = removal
        self.since = since
    }

    /// There from the beginning.
    package static let initial = Presence(
        tags: [Tag(number: 0, dot: .initial)], context: NumberSet(0...0))

    package var isPresent: Bool { !tags.isEmpty }

    package mutating func join(_ other: Presence) {
        let kept = tags.filter { other.tags.contains($0) || !other.context.contains($0.number) }
        let gained = other.tags.filter { !tags.contains($0) && !context.contains($0.number) }
        tags = kept
        if !gained.isEmpty {
            tags += gained
            tags.sort { $0.number < $1.number }
        }
        context.formUnion(other.context)
        takeMarks(of: other)
    }

    /// The same for the delta of the next edit in the log's order: its tag is new, and all numbers
    /// up to it are known.
    mutating func append(_ delta: Presence, number: Int64) {
        tags.removeAll { delta.context.contains($0.number) }
        tags += delta.tags
        context.fill(through: number)
        takeMarks(of: delta)
    }

    private mutating func takeMarks(of other: Presence) {
        since = max(since, other.since)
        if let theirs = other.removal, theirs.number > (removal?.number ?? -1) {
            removal = theirs
        }
    }
}
