import CRDT
import Model
import TestSupport

/// A random sequence of accepted edits: each made on some older view, in the room's order.
struct RandomHistory {
    /// `states[n]` is the document with n edits; the first is the initial one.
    private(set) var states = [Fixture.document]
    /// `deltas[n]` takes `states[n]` to `states[n + 1]`.
    private(set) var deltas: [Document] = []
    private var random: SplitMix64

    init(seed: UInt64, editCount: Int) {
        random = SplitMix64(seed: seed)
        var seqs: [ReplicaID: Int64] = [:]
        var stamps: [ReplicaID: Stamp] = [:]
        for index in 0..<editCount {
            let replica = ReplicaID(rawValue: UInt64.random(in: 1...3, using: &random))
            let seq = (seqs[replica] ?? 0) + 1
            seqs[replica] = seq
            let edit = randomEdit()
            let seen = Seen(
                replica: replica, through: Int64.random(in: 0...Int64(index), using: &random))
            let state = states[index]
            // Few different times, so that there are ties.
            let stamp = state.stamp(
                for: edit, seen: seen, claimedMs: nil,
                wallClockMs: Int64.random(in: 1...3, using: &random),
                last: stamps[replica] ?? .zero)
            stamps[replica] = stamp
            let delta = state.delta(
                for: edit, dot: Dot(replica: replica, seq: seq), stamp: stamp,
                number: state.number + 1, seen: seen)
            var next = state
            next.append(delta)
            deltas.append(delta)
            states.append(next)
        }
    }

    var last: Document { states[states.count - 1] }

    private mutating func randomEdit() -> Edit {
        var edit = Edit()
        let instruments: [InstrumentID] = [.clave, .cowbell, .bass]
        for id in instruments {
            let path = Fixture.salsa(id)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: edit.removes.append(path)
            case 1: edit.adds.append(path)
            case 2, 3:
                edit.sets.append(
                    .init(
                        path: .instrument(path, name: "volume"),
                        value: .hundredths(Int64.random(in: 0...100, using: &random))))
            case 4:
                edit.sets.append(
                    .init(
                        path: .instrument(path, name: "swing"),
                        value: .integer(Int64.random(in: 0...9, using: &random))))
            default: break
            }
        }
        if edit.isEmpty || Bool.random(using: &random) {
            edit.sets.append(
                .init(
                    path: .machine(.salsa, name: "bpm"),
                    value: .integer(Int64.random(in: 80...250, using: &random))))
        }
        return edit
    }
}

extension Document {
    /// All but the contexts, which `append` may shrink to one range.
    struct Essence: Hashable {
        let fields: [FieldPath: Register]
        let tags: [InstrumentPath: [Presence.Tag]]
        let removals: [InstrumentPath: Presence.Removal]
        let since: [InstrumentPath: Int64]
        let number: Int64
    }

    var essence: Essence {
        Essence(
            fields: fields, tags: instruments.mapValues(\.tags),
            removals: instruments.compactMapValues(\.removal),
            since: instruments.mapValues(\.since), number: number)
    }

    func joined(with other: Document) -> Document {
        var result = self
        result.join(other)
        return result
    }
}
