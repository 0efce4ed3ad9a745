import Model
import Storage
import Testing

/// A disk that is full or broken for a while.
@Suite struct DiskFaultTests {
    @Test func aFullDiskFailsTheBatchAndNothingIsHalfDone() throws {
        try outage {
            $0.failWrites(PowerLossDisk.full)
        } expecting: {
            $0 == .diskFull
        }
    }

    @Test func aFailedWriteFailsTheBatchAndNothingIsHalfDone() throws {
        try outage {
            $0.failWrites(PowerLossDisk.writeFailed)
        } expecting: { failure in
            if case .io = failure { true } else { false }
        }
    }

    @Test func aFailedSyncFailsTheBatchAndNothingIsHalfDone() throws {
        try outage {
            $0.failSyncs(PowerLossDisk.syncFailed)
        } expecting: { failure in
            if case .io = failure { true } else { false }
        }
    }

    private func outage(
        _ begin: (PowerLossDisk) -> Void, expecting: (JournalFailure) -> Bool
    ) throws {
        let disk = try #require(PowerLossDisk())
        let house = try House(rooms: 2, options: SQLiteOptions(vfs: disk.name))
        let writer = house.writer()
        _ = try writer.commit([.room(Samples.commit(100, epoch: house.epoch, after: 0))])

        begin(disk)
        for _ in 0..<2 {
            let failure = #expect(throws: JournalFailure.self) {
                try writer.commit([
                    .room(Samples.commit(100, epoch: house.epoch, after: 1)),
                    .room(Samples.commit(101, epoch: house.epoch, after: 0)),
                ])
            }
            #expect(failure.map { expecting($0) || $0 == .closed } == true, "\(failure as Any)")
            #expect(throws: JournalFailure.self) { try writer.probe() }
        }
        #expect(disk.failures > 0)
        disk.failWrites(0)
        disk.failSyncs(0)

        try writer.probe()
        // After a failed sync the batch may have reached the disk: the heads say so, both rooms
        // alike or neither.
        let first = try #require(try house.room(100))
        let second = try #require(try house.room(101))
        #expect(first.number == second.number + 1)
        let outcomes = try writer.commit([
            .room(Samples.commit(100, epoch: house.epoch, after: first.number)),
            .room(Samples.commit(101, epoch: house.epoch, after: second.number)),
        ])
        let allCommitted = outcomes.allSatisfy(\.isCommitted)
        #expect(allCommitted)
        #expect(try house.room(100)?.number == first.number + 1)
        let verdict = try house.database.read { try $0.texts("PRAGMA integrity_check") }
        #expect(verdict == ["ok"])
    }
}
