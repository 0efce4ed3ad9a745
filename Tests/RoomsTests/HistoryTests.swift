import CRDT
import Model
import Rooms
import TestSupport
import Testing
import Wire

/// history.md, as a room keeps it.
@Suite struct HistoryTests {
    private let ana = Identifier(high: 1, low: 2)
    private let ben = Identifier(high: 1, low: 3)

    private func pass(_ bench: TestRoom, _ ms: Int64) throws {
        bench.pass(.milliseconds(ms))
        bench.wallMs += ms
        try bench.commit()
    }

    private func restore(_ bench: TestRoom, _ entry: HistoryEntry) throws {
        let note = OperationNote(
            user: ana, operation: Identifier(high: 7, low: 1), requestSHA256: [1])
        let outcome = bench.room.restore(
            try JSON.parse(entry.document), role: .editor, note: note, call: 1, at: bench.moment)
        #expect(outcome == .gathered || outcome == .settled(nil))
        try bench.commit()
        bench.collect()
    }

    @Test func `history.md#entries, a movement of one hand is one entry, whoever else moves`()
        throws
    {
        let bench = try TestRoom()
        let first = try bench.join(Fixture.person(.owner, ana))
        let second = try bench.join(Fixture.person(.editor, ben))
        for step in Int64(1)...5 {
            _ = bench.edit(first, seq: step, set: [.bpm: .integer(100 + step)])
            try bench.commit()
            _ = bench.edit(second, seq: step, set: [.cowbellVolume: JSON(Double(step) / 10)])
            try pass(bench, 100)
        }
        #expect(bench.disk.entries.map(\.editCount) == [0], "they are still at it")
        #expect(bench.disk.entries.first?.document == Fixture.document.canonical(
            catalogue: Fixture.catalogue))
        try pass(bench, Int64(Limits.gestureGapMs))
        try pass(bench, 0)
        let entries = bench.disk.entries.dropFirst()
        #expect(Set(entries.map(\.user)) == [ana, ben])
        #expect(entries.map(\.editCount) == [5, 5])
        #expect(entries.map(\.paths).sorted { $0[0] < $1[0] } == [[.bpm], [.cowbellVolume]])
        #expect(bench.room.isClean == false || bench.room.isIdle(now: bench.now) == false)
        // After the pause it is another.
        _ = bench.edit(first, seq: 6, set: [.bpm: 200])
        try bench.commit()
        try bench.commit(isFinal: true)
        #expect(bench.disk.entries.count == 4, "a clean stop writes what is open")
        #expect(bench.disk.entries.last?.document == bench.room.committed.canonical(
            catalogue: Fixture.catalogue))
    }

    @Test func `history.md#entries, who goes on and on gets an entry now and then`() throws {
        let bench = try TestRoom()
        let first = try bench.join(Fixture.person(.owner, ana))
        for step in Int64(1)...250 {
            _ = bench.edit(first, seq: step, set: [.bpm: .integer(80 + step % 100)])
            try pass(bench, 100)
        }
        #expect(bench.disk.entries.count == 3)
    }

    @Test func `history.md#entries, each document is what the log says`() throws {
        for seed in TestEnvironment.seeds(count: 20) {
            var random = SplitMix64(seed: seed)
            let bench = try TestRoom()
            let hands = [
                try bench.join(Fixture.person(.owner, ana)),
                try bench.join(Fixture.person(.editor, ben)),
            ]
            var seqs: [Int64] = [0, 0]
            for _ in 0..<60 {
                let hand = Int.random(in: 0..<2, using: &random)
                seqs[hand] += 1
                let bpm = Int64.random(in: 80...250, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: _ = bench.edit(hands[hand], seq: seqs[hand], add: [.bass])
                case 1: _ = bench.edit(hands[hand], seq: seqs[hand], remove: [.bass])
                default:
                    _ = bench.edit(hands[hand], seq: seqs[hand], set: [.bpm: .integer(bpm)])
                }
                if Bool.random(using: &random) {
                    try pass(bench, Int64.random(in: 0...1_500, using: &random))
                }
            }
            try bench.commit(isFinal: true)
            var documents: [Int64: [UInt8]] = [:]
            var document = Fixture.document
            documents[0] = document.canonical(catalogue: Fixture.catalogue)
            for record in bench.disk.records {
                document.append(
                    document.delta(
                        for: record.edit, dot: record.dot, stamp: record.stamp,
                        number: record.number, seen: record.seen))
                documents[record.number] = document.canonical(catalogue: Fixture.catalogue)
            }
            for entry in bench.disk.entries {
                #expect(entry.document == documents[entry.number], "seed \(seed)")
            }
            #expect(
                bench.disk.entries.reduce(0) { $0 + $1.editCount } == bench.disk.records.count,
                "seed \(seed)")
            let firsts = bench.disk.entries.map(\.firstNumber)
            #expect(Set(firsts).count == firsts.count, "seed \(seed)")
        }
    }

    @Test func `history.md#entries, what a crash took along is listed with the next edit`() throws {
        let bench = try TestRoom()
        let first = try bench.join(Fixture.person(.owner, ana))
        _ = bench.edit(first, seq: 1, set: [.bpm: 100])
        try bench.commit()
        _ = bench.edit(first, seq: 2, set: [.bpm: 110])
        try bench.commit()
        let again = try TestRoom(disk: bench.disk)
        let back = try again.join(Fixture.person(.owner, ana), replica: first.replica?.id)
        _ = again.edit(back, seq: 3, set: [.bpm: 120])
        try again.commit()
        try again.commit(isFinal: true)
        #expect(again.disk.entries.map(\.number) == [0, 2, 3])
        #expect(again.disk.entries.map(\.firstNumber) == [0, 1, 3])
        #expect(again.disk.entries.map(\.user) == [nil, nil, ana])
        let third = try TestRoom(disk: again.disk)
        let last = try third.join(Fixture.person(.owner, ana), replica: first.replica?.id)
        _ = third.edit(last, seq: 4, set: [.bpm: 130])
        try third.commit()
        try third.commit(isFinal: true)
        #expect(third.disk.entries.map(\.number) == [0, 2, 3, 4])
    }

    @Test func `history.md#restore, one edit brings all back, and can be taken back`() throws {
        let bench = try TestRoom()
        let first = try bench.join(Fixture.person(.owner, ana))
        _ = bench.edit(
            first, seq: 1, set: [.bassVolume: 0.25, .bpm: 200, "/flavor": "Merengue"],
            add: [.bass], remove: [.cowbell])
        try bench.commit()
        _ = bench.edit(
            first, seq: 2, remove: Catalogue.current.flavor(.merengue).instruments.map {
                "/machines/Merengue/instruments/\($0.id.rawValue)"
            })
        try pass(bench, 2_000)
        let after = bench.room.committed.canonical(catalogue: Fixture.catalogue)
        let beginning = try #require(bench.disk.entries.first)
        let head = bench.room.committed.number
        try restore(bench, beginning)
        #expect(bench.room.committed.number == head + 1, "one edit")
        #expect(
            bench.room.committed.canonical(catalogue: Fixture.catalogue) == beginning.document)
        // The same again is no edit.
        try restore(bench, beginning)
        #expect(bench.room.committed.number == head + 1)
        let undone = try #require(bench.disk.entries.last { $0.document == after })
        try restore(bench, undone)
        #expect(bench.room.committed.canonical(catalogue: Fixture.catalogue) == after)
        try bench.commit(isFinal: true)
        #expect(bench.disk.entries.suffix(2).map(\.editCount) == [1, 1], "apart from all else")
    }
}
