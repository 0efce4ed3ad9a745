package import CRDT
package import Model

/// The merge as `Protocol/merge.md` tells it, slow and obvious: the list of all accepted edits, for
/// each the set of edits that it had seen, and everything computed from that list each time.
package struct NaiveMerge {
    package struct Entry {
        package let number: Int64
        package let dot: Dot
        package let stamp: UInt64
        /// Numbers of the edits that its author had seen.
        package let seen: Set<Int64>
        package let edit: Edit

        fileprivate func tags(_ instrument: InstrumentPath) -> Bool {
            edit.adds.contains(instrument)
                || edit.sets.contains {
                    if case .instrument(instrument, _) = $0.path { true } else { false }
                }
        }
    }

    package struct Winner: Hashable {
        package let value: Scalar
        package let stamp: UInt64
        package let dot: Dot
        package let number: Int64
    }

    /// Mistakes that the tests must be able to find.
    package enum Fault: Hashable {
        case tiesByArrival, ownEditsForgotten, resendAppliedTwice
    }

    package let initial: Document
    package private(set) var entries: [Entry] = []
    package let fault: Fault?

    package init(initial: Document, fault: Fault? = nil) {
        self.initial = initial
        self.fault = fault
    }

    /// merge.md#stamps-and-dots: the larger (stamp, replica, seq) wins.
    package func winner(_ path: FieldPath) -> Winner? {
        var best = initial.fields[path].map {
            Winner(value: $0.value, stamp: 0, dot: .initial, number: 0)
        }
        for entry in entries {
            guard let assignment = entry.edit.sets.first(where: { $0.path == path }) else {
                continue
            }
            let candidate = Winner(
                value: assignment.value, stamp: entry.stamp, dot: entry.dot, number: entry.number)
            guard let standing = best else {
                best = candidate
                continue
            }
            let isLarger =
                fault == .tiesByArrival
                ? candidate.stamp >= standing.stamp
                : (candidate.stamp, candidate.dot) > (standing.stamp, standing.dot)
            if isLarger { best = candidate }
        }
        return best
    }

    /// merge.md#instruments: an edit's tag lives until an edit on the instrument that had seen it.
    package func tags(_ instrument: InstrumentPath) -> Set<Int64> {
        var living: Set<Int64> = []
        if initial.isPresent(instrument) { living.insert(0) }
        for entry in entries {
            let isTagging = entry.tags(instrument)
            guard isTagging || entry.edit.removes.contains(instrument) else { continue }
            living.subtract(entry.seen)
            living.remove(0)
            if isTagging { living.insert(entry.number) }
        }
        return living
    }

    /// merge.md#seen.
    package func seen(by replica: ReplicaID, base: Int64, sent: Int64) -> Set<Int64> {
        Set(
            entries.filter {
                $0.number <= min(base, sent)
                    || ($0.dot.replica == replica && fault != .ownEditsForgotten)
            }.map(\.number))
    }

    /// merge.md#giving-the-stamp.
    package func stamp(
        for edit: Edit, by replica: ReplicaID, seen: Set<Int64>, claimedMs: Int64?, wallMs: Int64
    ) -> UInt64 {
        var stamp = UInt64(min(claimedMs ?? wallMs, wallMs)) << 16
        for entry in entries where entry.dot.replica == replica {
            stamp = max(stamp, entry.stamp + 1)
        }
        for assignment in edit.sets {
            if let winner = winner(assignment.path),
                winner.number == 0 || seen.contains(winner.number)
            {
                stamp = max(stamp, winner.stamp + 1)
            }
        }
        // The first edit of a replica follows the stamp before all.
        return max(stamp, 1)
    }

    /// Nil when it is refused as absent.
    @discardableResult
    package mutating func accept(
        _ edit: Edit, dot: Dot, base: Int64, sent: Int64, claimedMs: Int64?, wallMs: Int64
    ) -> Entry? {
        let seen = seen(by: dot.replica, base: base, sent: sent)
        for assignment in edit.sets {
            guard case .instrument(let instrument, _) = assignment.path,
                tags(instrument).isEmpty, !edit.adds.contains(instrument)
            else { continue }
            let removal = entries.last { $0.edit.removes.contains(instrument) }
            guard let removal, !seen.contains(removal.number) else { return nil }
        }
        let entry = Entry(
            number: Int64(entries.count) + 1, dot: dot,
            stamp: stamp(
                for: edit, by: dot.replica, seen: seen, claimedMs: claimedMs, wallMs: wallMs),
            seen: seen, edit: edit)
        entries.append(entry)
        return entry
    }

    /// Forgets what did not reach the disk.
    package mutating func fallBack(to number: Int64) {
        entries.removeAll { $0.number > number }
    }

    /// Takes over an edit that was judged elsewhere.
    package mutating func append(
        _ edit: Edit, dot: Dot, stamp: UInt64, number: Int64, seenThrough: Int64
    ) {
        entries.append(
            Entry(
                number: number, dot: dot, stamp: stamp,
                seen: seen(by: dot.replica, base: seenThrough, sent: seenThrough), edit: edit))
    }

    /// The first difference from a document that should be equal; nil when there is none.
    package func difference(from document: Document) -> String? {
        if document.number != Int64(entries.count) {
            return "number \(document.number), not \(entries.count)"
        }
        let paths = Set(initial.fields.keys).union(document.fields.keys)
            .union(entries.flatMap { $0.edit.sets.map(\.path) })
        for path in paths.sorted(by: { $0.description < $1.description }) {
            let real = document.fields[path].map {
                Winner(
                    value: $0.value, stamp: $0.stamp.rawValue, dot: $0.dot, number: $0.number)
            }
            if real != winner(path) {
                return
                    "\(path): \(String(describing: real)), not \(String(describing: winner(path)))"
            }
        }
        let instruments = Set(initial.instruments.keys).union(document.instruments.keys)
            .union(entries.flatMap { $0.edit.adds + $0.edit.removes })
        for path in instruments.sorted(by: { $0.description < $1.description }) {
            let real = Set(document.instruments[path]?.tags.map(\.number) ?? [])
            if real != tags(path) { return "\(path): tags \(real), not \(tags(path))" }
        }
        return nil
    }
}
