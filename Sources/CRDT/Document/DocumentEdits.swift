package import Model

extension Document {
    /// The stamp that an edit gets, once, when it arrives. `Protocol/merge.md#giving-the-stamp`.
    ///
    /// - Parameters:
    ///   - claimedMs: when its author says it was made, in server time.
    ///   - wallClockMs: the server's clock. A claim is never believed beyond it.
    ///   - last: the latest stamp of this replica.
    package func stamp(
        for edit: Edit, seen: Seen, claimedMs: Int64?, wallClockMs: Int64, last: Stamp
    ) -> Stamp {
        let physicalMs = min(claimedMs ?? wallClockMs, wallClockMs)
        var stamp = max(Stamp(physicalMs: physicalMs), last.successor)
        for assignment in edit.sets {
            guard let winner = fields[assignment.path],
                seen.covers(winner.dot.replica, winner.number)
            else { continue }
            stamp = max(stamp, winner.stamp.successor)
        }
        return stamp
    }

    /// The first instrument that the edit sets although it is absent, and its author knew that.
    /// An author who had not seen the removal is concurrent with it, and brings it back.
    package func absentInstrument(for edit: Edit, seen: Seen) -> FieldPath? {
        for assignment in edit.sets {
            guard case .instrument(let path, _) = assignment.path, !isPresent(path),
                !edit.adds.contains(path)
            else { continue }
            guard let removal = instruments[path]?.removal,
                !seen.covers(removal.replica, removal.number)
            else { return assignment.path }
        }
        return nil
    }

    /// The first place in an edit that undoes where somebody else has written since this replica
    /// did. `Protocol/rooms.md#undo`.
    package func foreignPath(in edit: Edit, for replica: ReplicaID) -> String? {
        for path in edit.removes {
            guard let presence = instruments[path], presence.isPresent,
                presence.tags.allSatisfy({ $0.dot.replica == replica })
            else { return path.description }
        }
        for path in edit.adds where ownRemoval(of: path, by: replica) == nil {
            return path.description
        }
        for assignment in edit.sets {
            let winner = fields[assignment.path]
            if winner?.dot.replica == replica { continue }
            // What came back with its instrument is older than the instrument's removal.
            guard case .instrument(let path, _) = assignment.path, edit.adds.contains(path),
                let removal = ownRemoval(of: path, by: replica),
                winner?.number ?? 0 < removal.number
            else { return assignment.path.description }
        }
        return nil
    }

    /// The removal because of which an instrument is absent, if it is this replica's.
    private func ownRemoval(
        of path: InstrumentPath, by replica: ReplicaID
    ) -> Presence.Removal? {
        guard let presence = instruments[path], !presence.isPresent,
            presence.removal?.replica == replica
        else { return nil }
        return presence.removal
    }

    /// The delta of one accepted edit: what joining it changes. `Protocol/merge.md#instruments`.
    package func delta(
        for edit: Edit, dot: Dot, stamp: Stamp, number: Int64, seen: Seen
    ) -> Document {
        var delta = Document(number: number)
        for path in edit.removes {
            delta.instruments[path] = Presence(
                tags: [], context: context(of: path, seen: seen, number: number),
                removal: Presence.Removal(number: number, replica: dot.replica))
        }
        for path in edit.adds {
            tag(path, in: &delta, dot: dot, number: number, seen: seen)
        }
        for assignment in edit.sets {
            delta.fields[assignment.path] = Register(
                value: assignment.value, stamp: stamp, dot: dot, number: number)
            if case .instrument(let path, _) = assignment.path {
                tag(path, in: &delta, dot: dot, number: number, seen: seen)
            }
        }
        return delta
    }

    private func tag(
        _ path: InstrumentPath, in delta: inout Document, dot: Dot, number: Int64, seen: Seen
    ) {
        guard delta.instruments[path] == nil else { return }
        delta.instruments[path] = Presence(
            tags: [Presence.Tag(number: number, dot: dot)],
            context: context(
                of: path, seen: seen, number: number, keeping: Limits.tagsPerInstrumentMax - 1),
            since: isPresent(path) ? instruments[path]?.since ?? 0 : number)
    }

    /// The tags that an edit replaces or removes: those that it has seen; and of the others the
    /// oldest, when there are more than `countMax`. A removal would have to be concurrent with that
    /// many authors, and none of them with it, to show the difference.
    private func context(
        of path: InstrumentPath, seen: Seen, number: Int64, keeping countMax: Int = .max
    ) -> NumberSet {
        var numbers = [number]
        var unseen: [Int64] = []
        for tag in instruments[path]?.tags ?? [] {
            if seen.covers(tag.dot.replica, tag.number) {
                numbers.append(tag.number)
            } else {
                unseen.append(tag.number)
            }
        }
        // Tags stand in the order of their numbers.
        numbers += unseen.dropLast(min(countMax, unseen.count))
        return NumberSet(numbers)
    }
}
