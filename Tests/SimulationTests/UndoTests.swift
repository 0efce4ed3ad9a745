import CRDT
import Model
import Replica
import Rooms
import TestSupport
import Testing
import Wire

/// rooms.md#undo, with the real room and the real replicas, in whatever order messages come.
@Suite struct UndoTests {
    private final class Hand {
        var replica: PatternReplica
        let joined: JoinResult
        /// On its way to the server.
        var up: [EditRequest] = []
        /// On its way from it.
        var down: [[UInt8]] = []

        init(_ bench: TestRoom, _ user: UInt64) throws {
            joined = try bench.join(Fixture.person(.owner, Identifier(high: 1, low: user)))
            replica = PatternReplica(room: Fixture.room)
            _ = replica.joinRequest()
            replica.joined(joined)
        }

        func hear(_ count: Int, now: Duration) {
            for bytes in down.prefix(count) {
                for message in ServerMessage.read(bytes) ?? [] {
                    guard case .notification("event", let params) = message,
                        let event = Event(params: params)
                    else { continue }
                    replica.receive(event, now: now)
                }
            }
            down.removeFirst(min(count, down.count))
            up += replica.takeRequests(now: now)
        }
    }

    private static func randomEdit(_ random: inout SplitMix64) -> EditContent {
        let volume = JSON(Double(Int.random(in: 0...100, using: &random)) / 100)
        return switch Int.random(in: 0..<8, using: &random) {
        case 0: EditContent(set: [.bassVolume: volume], add: [.bass])
        case 1: EditContent(remove: [.bass])
        case 2: EditContent(remove: [.cowbell])
        case 3: EditContent(add: [.cowbell])
        case 4: EditContent(set: [.cowbellVolume: volume, .bpm: .integer(100)])
        case 5: EditContent(set: [.bassVolume: volume])
        default: EditContent(set: [.bpm: .integer(Int64.random(in: 80...250, using: &random))])
        }
    }

    private static func settle(_ hands: [Hand], _ bench: TestRoom) throws {
        // Refusals send edits again, so it takes several rounds.
        for _ in 0..<200 {
            for hand in hands {
                hand.hear(.max, now: bench.now)
                for request in hand.up { _ = bench.send(request, from: hand.joined) }
                hand.up = []
            }
            bench.wallMs += 1
            try bench.commit()
            bench.pass(.milliseconds(50))
            for hand in hands { hand.down += bench.takeMail(of: hand.joined.member) }
            if hands.allSatisfy({ $0.replica.pendingCount == 0 && $0.down.isEmpty }) { return }
        }
        Issue.record("never quiet")
    }

    @Test func `Undoing n edits and doing n again changes nothing when nobody else edits`() throws {
        for seed in TestEnvironment.seeds(count: 60) {
            var random = SplitMix64(seed: seed)
            let bench = try TestRoom()
            let hand = try Hand(bench, 1)
            var states = [hand.replica.shown]
            for _ in 0..<20 {
                bench.now += .seconds(2)
                _ = hand.replica.edit(Self.randomEdit(&random), claimedMs: nil, now: bench.now)
                // What an instrument comes back with, only the server knows.
                try Self.settle([hand], bench)
                if hand.replica.shown != states.last { states.append(hand.replica.shown) }
            }
            let count = Int.random(in: 1...states.count, using: &random)
            for index in 1..<max(count, 2) where index < states.count {
                let reversal = hand.replica.undo(claimedMs: nil)
                #expect(reversal?.skipped == [], "seed \(seed)")
                #expect(
                    (hand.replica.shown == states[states.count - 1 - index]) == true,
                    "seed \(seed), \(index) back")
                if Bool.random(using: &random) { try Self.settle([hand], bench) }
            }
            while hand.replica.redo(claimedMs: nil) != nil {
                if Bool.random(using: &random) { try Self.settle([hand], bench) }
            }
            try Self.settle([hand], bench)
            #expect((hand.replica.shown == states.last) == true, "seed \(seed)")
            #expect((hand.replica.confirmed == states.last) == true, "seed \(seed)")
        }
    }

    @Test func `Undoing never takes away what somebody else wrote since`() throws {
        var (undone, left) = (0, 0)
        for seed in TestEnvironment.seeds(count: 60) {
            var random = SplitMix64(seed: seed)
            let bench = try TestRoom()
            let hands = [try Hand(bench, 1), try Hand(bench, 2), try Hand(bench, 3)]
            var undoing: Set<Dot> = []
            for _ in 0..<150 {
                bench.now += .milliseconds(Int64.random(in: 0...1_500, using: &random))
                bench.wallMs += Int64.random(in: 1...50, using: &random)
                let hand = hands[Int.random(in: 0..<3, using: &random)]
                switch Int.random(in: 0..<6, using: &random) {
                case 0, 1:
                    _ = hand.replica.edit(
                        Self.randomEdit(&random), claimedMs: nil, now: bench.now)
                case 2: _ = hand.replica.undo(claimedMs: nil)
                case 3: _ = hand.replica.redo(claimedMs: nil)
                case 4: hand.hear(Int.random(in: 0...4, using: &random), now: bench.now)
                default:
                    for request in hand.up {
                        if request.isOwn {
                            undoing.insert(Dot(replica: request.replica, seq: request.seq))
                        }
                        _ = bench.send(request, from: hand.joined)
                    }
                    hand.up = []
                    try bench.commit()
                    bench.pass(.milliseconds(50))
                    for hand in hands { hand.down += bench.takeMail(of: hand.joined.member) }
                }
            }
            try Self.settle(hands, bench)
            for hand in hands {
                #expect(hand.replica.confirmed == hands[0].replica.confirmed, "seed \(seed)")
                left += hand.replica.takeChanges().count {
                    if case .skipped = $0 { true } else { false }
                }
            }
            // The server's clock only goes up here, so the log's order is who wins.
            var writers: [String: ReplicaID] = [:]
            var document = Fixture.document
            for record in bench.disk.records {
                document.append(
                    document.delta(
                        for: record.edit, dot: record.dot, stamp: record.stamp,
                        number: record.number, seen: record.seen))
                let isUndoing = undoing.contains(record.dot)
                undone += isUndoing ? 1 : 0
                let adds = record.edit.adds.map(\.description)
                for path in record.edit.adds + record.edit.removes {
                    if isUndoing {
                        #expect(
                            writers[path.description] == record.dot.replica,
                            "seed \(seed): \(path)")
                    }
                    // Of a removal that a concurrent edit outlived, that edit is what stands.
                    let outlived = document.instruments[path]?.tags.last?.dot.replica
                    writers[path.description] =
                        record.edit.removes.contains(path) && outlived != nil
                        ? outlived : record.dot.replica
                }
                for assignment in record.edit.sets {
                    let path = assignment.path.description
                    if isUndoing, !adds.contains(where: { path.hasPrefix($0 + "/") }) {
                        #expect(writers[path] == record.dot.replica, "seed \(seed): \(path)")
                    }
                    writers[path] = record.dot.replica
                    if case .instrument(let instrument, _) = assignment.path {
                        writers[instrument.description] = record.dot.replica
                    }
                }
            }
        }
        #expect(undone > 100)
        #expect(left > 10, "it was never close")
    }
}
