import Foundation
import Model
import Storage
import Testing

/// The power fails at a random write or sync; what was acknowledged must be there afterwards.
@Suite struct PowerLossTests {
    /// What one run found after the power came back.
    struct Finding {
        var acknowledged: Int64 = 0
        var lost: Int64 = 0
        var problem: String?
    }

    static let commitsPerRun = 40

    @Test func everyAcknowledgedCommitSurvivesAPowerLossOnce() throws {
        var acknowledged: Int64 = 0
        for seed in 1...UInt64(200) {
            let finding = try Self.run(seed: seed, synchronous: .full)
            #expect(finding.problem == nil, "seed \(seed)")
            #expect(finding.lost == 0, "seed \(seed)")
            acknowledged += finding.acknowledged
        }
        #expect(acknowledged > 1_000, "the cuts come too early to prove anything")
    }

    @Test func theTestFindsCommitsThatWereNotSynced() throws {
        var losses = 0
        for seed in 1...UInt64(40) {
            let finding = try Self.run(seed: seed, synchronous: .off)
            if finding.lost > 0 || finding.problem != nil { losses += 1 }
        }
        #expect(losses >= 10, "the planted fault was found in \(losses) of 40 runs")
    }

    /// Commits until the power fails, then opens what survived with the platform's VFS.
    static func run(seed: UInt64, synchronous: SQLiteOptions.Synchronous) throws -> Finding {
        var random = SplitMix64(seed: seed)
        let disk = try #require(PowerLossDisk())
        let house = try House(
            rooms: 3, options: SQLiteOptions(synchronous: synchronous, vfs: disk.name))
        let survivors = house.folder.path + "/survivors"
        try FileManager.default.createDirectory(
            atPath: survivors, withIntermediateDirectories: true)
        let start = disk.operations
        disk.cutPower(
            at: start + Int64.random(in: 1...400, using: &random), seed: random.next(),
            survivors: survivors)
        let writer = house.writer()
        var heads = [Int64](repeating: 0, count: 3)
        var commits: Int64 = 0
        var finding = Finding()
        for turn in 0..<commitsPerRun {
            var next = heads
            let items = (0..<Int.random(in: 1...3, using: &random)).map { room in
                let count = Int64.random(in: 1...40, using: &random)
                next[room] += count
                return JournalItem.room(
                    Samples.commit(
                        100 + UInt64(room), epoch: house.epoch, after: heads[room], count: count))
            }
            // Checkpoints by chance, so that cuts fall into them too.
            if turn % 7 == 6 { try? house.database.checkpoint(emptying: turn % 2 == 0) }
            guard let outcomes = try? writer.commit(items) else { break }
            let allCommitted = outcomes.allSatisfy(\.isCommitted)
            #expect(allCommitted)
            heads = next
            commits += 1
            finding.acknowledged += 1
        }
        if !disk.powerIsCut {
            // All commits went through before the chosen operation: cut now, by one more write.
            disk.cutPower(at: 0, seed: random.next(), survivors: survivors)
            try? house.database.checkpoint(emptying: true)
            _ = try? writer.commit([])
        }
        #expect(disk.powerIsCut, "seed \(seed)")
        try? house.database.close()
        inspect(survivors + "/database.sqlite", heads: heads, commits: commits, into: &finding)
        return finding
    }

    private static func inspect(
        _ path: String, heads: [Int64], commits: Int64, into finding: inout Finding
    ) {
        do {
            let database = try SQLiteDatabase(path: path)
            try database.read { connection in
                let verdict = try connection.texts("PRAGMA integrity_check")
                if verdict != ["ok"] { finding.problem = verdict.joined(separator: "; ") }
                let counted = try connection.integer(
                    "SELECT value FROM meta WHERE key = 'commits'")
                // One more than acknowledged may be there: the one in flight.
                let extra = (counted ?? 0) - commits
                if extra < 0 { finding.lost = -extra }
                if extra > 1 { finding.problem = "\(extra) commits more than acknowledged" }
                for (room, head) in heads.enumerated() {
                    let id = Samples.id(100 + UInt64(room))
                    // `open` refuses gaps; numbers are a primary key, so none is there twice.
                    guard let record = try RoomStore(connection).open(id) else {
                        finding.lost += 1
                        continue
                    }
                    if record.number < head { finding.lost += 1 }
                    if record.replicas.first?.lastSeq ?? 0 != record.number {
                        finding.problem = "half a commit in room \(room)"
                    }
                }
            }
            try database.close()
        } catch {
            finding.problem = String(describing: error)
        }
    }
}
