import CRDT
import Model
import TestSupport
import Testing

/// merge.md#join. (Almeida, Shoker, Baquero: arXiv 1410.2803 §3.)
@Suite struct JoinLawTests {
    private static let seeds = TestEnvironment.seeds(
        count: TestEnvironment.integer("SALSANOR_HISTORIES", default: 200))

    /// Deltas and joins of deltas: everything that a replica can hold.
    private static func parts(_ history: RandomHistory, _ random: inout SplitMix64) -> [Document] {
        (0..<3).map { _ in
            var part = Bool.random(using: &random) ? Fixture.document : Document()
            for delta in history.deltas.shuffled(using: &random)
                .prefix(Int.random(in: 0...history.deltas.count, using: &random))
            {
                part.join(delta)
            }
            return part
        }
    }

    @Test func `Join is commutative, associative and idempotent`() {
        for seed in Self.seeds {
            var random = SplitMix64(seed: seed)
            let parts = Self.parts(RandomHistory(seed: seed, editCount: 12), &random)
            let (a, b, c) = (parts[0], parts[1], parts[2])
            #expect(a.joined(with: b) == b.joined(with: a), "seed \(seed)")
            #expect(
                a.joined(with: b).joined(with: c) == a.joined(with: b.joined(with: c)),
                "seed \(seed)")
            #expect(a.joined(with: a) == a, "seed \(seed)")
            #expect(a.joined(with: b).joined(with: b) == a.joined(with: b), "seed \(seed)")
        }
    }

    @Test func `Deltas in any order, some of them twice, give the state that the log gives`() {
        for seed in Self.seeds {
            var random = SplitMix64(seed: seed)
            let history = RandomHistory(seed: seed, editCount: 14)
            var state = Fixture.document
            let repeated = history.deltas.filter { _ in Bool.random(using: &random) }
            for delta in (history.deltas + repeated).shuffled(using: &random) { state.join(delta) }
            #expect(state.essence == history.last.essence, "seed \(seed)")
        }
    }

    @Test func `A joined delta equals its deltas one by one, from any state to any later one`() {
        for seed in Self.seeds.prefix(50) {
            let history = RandomHistory(seed: seed, editCount: 12)
            for from in history.states.indices {
                var joined = Document()
                for through in from..<history.deltas.count {
                    joined.join(history.deltas[through])
                    let state = history.states[from].joined(with: joined)
                    #expect(
                        state.essence == history.states[through + 1].essence,
                        "seed \(seed), \(from)...\(through)")
                }
            }
        }
    }

    /// All orders of all histories of three edits by two replicas on one instrument and one field.
    @Test func `Small histories hold exhaustively`() {
        let cowbell = Fixture.salsa(.cowbell)
        let volume = FieldPath.instrument(cowbell, name: "volume")
        let edits = [
            Edit(removes: [cowbell]), Edit(adds: [cowbell]),
            Edit(sets: [.init(path: volume, value: .hundredths(10))]),
        ]
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        var count = 0
        for choice in 0..<(27 * 8 * 6) {
            let kinds = [choice % 3, choice / 3 % 3, choice / 9 % 3]
            let authors = [choice / 27 % 2, choice / 54 % 2, choice / 108 % 2]
            let bases = [0, choice / 216 % 2, choice / 432 % 3]
            var state = Fixture.document
            var deltas: [Document] = []
            for index in 0..<3 {
                let replica = ReplicaID(rawValue: UInt64(authors[index]) + 1)
                let seen = Seen(replica: replica, through: Int64(bases[index]))
                let edit = edits[kinds[index]]
                let stamp = state.stamp(
                    for: edit, seen: seen, claimedMs: nil, wallClockMs: 5, last: .zero)
                let delta = state.delta(
                    for: edit, dot: Dot(replica: replica, seq: Int64(index) + 1), stamp: stamp,
                    number: state.number + 1, seen: seen)
                deltas.append(delta)
                state.append(delta)
            }
            for order in orders {
                var joined = Fixture.document
                for index in order { joined.join(deltas[index]) }
                #expect(joined.essence == state.essence)
                count += 1
            }
        }
        #expect(count == 27 * 8 * 6 * 6)
    }

    @Test func `The union of number sets is the union of sets of numbers`() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<500 {
            let sets = (0..<2).map { _ in
                Set(
                    (0..<Int.random(in: 0...12, using: &random)).map { _ in
                        Int64.random(in: 0...20, using: &random)
                    })
            }
            var union = NumberSet(sets[0])
            union.formUnion(NumberSet(sets[1]))
            #expect(union == NumberSet(sets[0].union(sets[1])))
            for number in Int64(0)...21 {
                #expect(union.contains(number) == sets[0].union(sets[1]).contains(number))
            }
        }
    }

    @Test func `Ties go to the larger replica, then to the larger seq, whoever came first`() {
        let path = FieldPath.machine(.salsa, name: "bpm")
        func write(_ replica: UInt64, _ seq: Int64, _ bpm: Int64) -> Document {
            Document(fields: [
                path: Register(
                    value: .integer(bpm), stamp: Stamp(physicalMs: 7),
                    dot: Dot(replica: ReplicaID(rawValue: replica), seq: seq), number: seq)
            ])
        }
        let small = write(1, 9, 100)
        let large = write(.max, 1, 110)
        let larger = write(.max, 2, 120)
        #expect(small.joined(with: large) == large.joined(with: small))
        #expect(small.joined(with: large).fields[path]?.value == .integer(110))
        #expect(larger.joined(with: large).fields[path]?.value == .integer(120))
        #expect(large.joined(with: larger).fields[path]?.value == .integer(120))
    }
}
