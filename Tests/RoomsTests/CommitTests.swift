import CRDT
import Model
import Rooms
import TestSupport
import Testing
import Wire

/// rooms.md#settlement, rooms.md#deltas: what is said when, and what the disk makes of it.
@Suite struct CommitTests {
    @Test func `Nothing of an edit is sent before its commit`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        let other = try bench.join(Fixture.person(.viewer, Identifier(high: 9, low: 9)))
        bench.pass(.seconds(1))
        _ = bench.messages(to: author.member)
        _ = bench.messages(to: other.member)
        _ = bench.edit(author, seq: 1, set: [.bpm: 100], call: 1)
        _ = bench.edit(author, seq: 2, set: [.bpm: 79], call: 2)
        let draft = try #require(bench.beginCommit())
        bench.pass(.seconds(1))
        #expect(bench.mail.isEmpty)
        #expect(try bench.join(Fixture.person(.guest)).number == 0)
        try bench.disk.write(draft)
        bench.room.commitSucceeded(at: bench.moment)
        bench.collect()
        let kinds = bench.events(to: author.member).filter { $0.kind != .presence }.map(\.kind)
        #expect(kinds == [.delta, .settled])
        #expect(
            bench.events(to: other.member).filter { $0.kind != .presence }.map(\.kind) == [.delta])
    }

    @Test func `After a failed commit everybody is asked for what is not on disk`() throws {
        let bench = try TestRoom()
        let ana = try bench.join()
        let ben = try bench.join()
        _ = bench.edit(ana, seq: 1, set: [.bpm: 100])
        try bench.commit()
        bench.pass(.seconds(1))
        _ = bench.messages(to: ana.member)
        _ = bench.messages(to: ben.member)
        _ = bench.edit(ana, seq: 2, set: [.bpm: 110], call: 7)
        let draft = bench.beginCommit()
        #expect(draft != nil)
        // Not with the journal yet, but built on what is.
        _ = bench.edit(ben, seq: 1, set: [.bpm: 120])
        _ = bench.edit(ana, seq: 3, set: [.bpm: 79])
        bench.room.commitFailed(at: bench.moment)
        bench.room.setReadOnly(true)
        bench.collect()
        #expect(bench.beginCommit() == nil)
        // In flight when it happened: covered by the same word.
        _ = bench.edit(ana, seq: 4, set: [.bpm: 130])
        bench.pass(.seconds(1))
        let messages = bench.messages(to: ana.member)
        #expect(
            messages.contains {
                if case .failure(.integer(7), let error) = $0 {
                    error.name == .readOnly
                } else {
                    false
                }
            })
        let retries = messages.compactMap { message -> Settlement? in
            guard case .notification("event", let params) = message else { return nil }
            return Event(params: params).flatMap { Settlement(json: $0.data) }
        }
        #expect(retries.compactMap(\.retry).map(\.from) == [2])
        #expect(retries.allSatisfy { $0.through == 1 && $0.refused.isEmpty })
        #expect(bench.settlements(to: ben.member).compactMap(\.retry).map(\.from) == [1])
        // Still read-only: told again, and then well again.
        _ = bench.edit(ana, seq: 2, set: [.bpm: 110])
        bench.pass(.seconds(1))
        #expect(bench.settlements(to: ana.member).last?.retry?.code == .readOnly)
        bench.room.setReadOnly(false)
        for seq in Int64(2)...4 { _ = bench.edit(ana, seq: seq, set: [.bpm: .integer(100 + seq)]) }
        _ = bench.edit(ben, seq: 1, set: [.bpm: 120])
        try bench.commit()
        bench.pass(.seconds(1))
        #expect(bench.settlements(to: ana.member).last?.through == 4)
        #expect(bench.room.committed.number == 5)
        #expect(
            try bench.disk.history().document(catalogue: Fixture.catalogue) == bench.room.committed)
    }

    @Test
    func `A writer whose only edit was lost with its socket is forgotten or known, both work`()
        throws
    {
        let bench = try TestRoom()
        let author = try bench.join()
        _ = bench.edit(author, seq: 1, set: [.bpm: 100])
        _ = bench.beginCommit()
        bench.room.leave(author.member, now: bench.now)
        bench.room.commitFailed(at: bench.moment)
        let back = try bench.join(replica: author.replica?.id)
        #expect(back.replica?.renumber == true, "none of its edits was ever accepted")
        _ = bench.edit(back, seq: 1, set: [.bpm: 100])
        try bench.commit()
        #expect(bench.room.committed.number == 1)
    }

    @Test func `Joining while one's own edits are on their way loses and doubles nothing`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        _ = bench.edit(author, seq: 1, set: [.bpm: 100])
        _ = bench.edit(author, seq: 2, set: [.bpm: 79])
        let draft = try #require(bench.beginCommit())
        _ = bench.edit(author, seq: 3, set: [.bpm: 130])
        bench.room.leave(author.member, now: bench.now)
        let back = try bench.join(replica: author.replica?.id)
        #expect(back.replica?.through == 0)
        #expect(back.replica?.renumber == false)
        #expect(back.number == 0)
        for seq in Int64(1)...3 {
            #expect(bench.edit(back, seq: seq, set: [.bpm: 100]) == .gathered)
        }
        try bench.disk.write(draft)
        bench.room.commitSucceeded(at: bench.moment)
        bench.collect()
        try bench.commit()
        bench.pass(.seconds(1))
        let settlements = bench.settlements(to: back.member)
        #expect(settlements.last?.through == 3)
        #expect(settlements.flatMap(\.refused).map(\.seq) == [2], "told once")
        #expect(bench.room.committed.number == 2)
    }

    @Test func `A commit takes so many edits and the next takes the rest`() throws {
        let bench = try TestRoom()
        let ana = try bench.join()
        let ben = try bench.join()
        bench.pass(.seconds(5))
        for seq in Int64(1)...200 {
            _ = bench.edit(ana, seq: seq, set: [.bpm: 100])
            _ = bench.edit(ben, seq: seq, set: [.bpm: 110])
        }
        let draft = try #require(bench.beginCommit())
        #expect(draft.editCount == Limits.editsPerCommitMax)
        #expect(bench.beginCommit() == nil, "one at a time")
        try bench.disk.write(draft)
        bench.room.commitSucceeded(at: bench.moment)
        try bench.commit()
        #expect(bench.disk.number == 400)
        #expect(bench.disk.replicas.values.map(\.lastSeq) == [200, 200])
    }

    // MARK: - Disk

    @Test func `A log record survives being written and read`() throws {
        let record = LogRecord(
            number: 7, dot: Dot(replica: ReplicaID(rawValue: .max), seq: 1 << 53),
            stamp: Stamp(rawValue: 0xFFEE_DDCC_BBAA_9988), seenThrough: 6,
            edit: Edit(
                removes: [Fixture.salsa(.bass)], adds: [Fixture.salsa(.piano)],
                sets: [
                    .init(path: .pattern(name: "title"), value: .text("a\nb \"é\u{1F941}\"")),
                    .init(
                        path: .instrument(Fixture.salsa(.cowbell), name: "volume"),
                        value: .hundredths(100)),
                    .init(path: .machine(.merengue, name: "bpm"), value: .integer(140)),
                    .init(path: .pattern(name: "extra"), value: .number(0.1)),
                    .init(
                        path: .instrument(Fixture.salsa(.cowbell), name: "enabled"),
                        value: .bool(false)),
                ]))
        var row: [UInt8] = []
        record.write(to: &row)
        record.write(to: &row)
        #expect(try LogRecord.read(row, catalogue: Fixture.catalogue) == [record, record])
        #expect(throws: LogRecord.Unreadable.line(1)) {
            try LogRecord.read(row.dropLast(20) + [10], catalogue: Fixture.catalogue)
        }
    }

    @Test func `A log with a hole is not read as if it were whole`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        for seq in Int64(1)...3 {
            _ = bench.edit(author, seq: seq, set: [.bpm: 100])
            try bench.commit()
        }
        let whole = bench.disk.history()
        let holed = RoomHistory(
            room: whole.room, epoch: whole.epoch, number: 3, rowNumber: 0,
            snapshot: whole.snapshot, rows: [whole.rows[0], whole.rows[2]], replicas: [],
            verdicts: [])
        #expect(throws: RoomHistory.Unreadable.number(expected: 2, found: 3)) {
            try holed.document(catalogue: Fixture.catalogue)
        }
    }

    @Test func `A snapshot comes in time, and the room reads the same from it`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        let count = Int64(Limits.snapshotNumbersMax) + 300
        for seq in 1...count {
            if seq % 40 == 0 { bench.pass(.seconds(1)) }
            _ = bench.edit(
                author, seq: seq,
                set: [
                    .cowbellVolume: JSON(Double(seq % 101) / 100), .bpm: .integer(80 + seq % 170),
                ])
            if seq % 100 == 0 {
                try bench.commit()
                // A room that is opened again and again must not forget how long its log is.
                if seq % 500 == 0 {
                    let next = try TestRoom(disk: bench.disk)
                    #expect(next.room.committed == bench.room.committed)
                    let back = try next.join(replica: author.replica?.id)
                    #expect(back.replica?.through == seq)
                }
            }
        }
        try bench.commit()
        let snapshot = try #require(bench.disk.snapshot)
        #expect(snapshot.number >= Int64(Limits.snapshotNumbersMax))
        #expect(bench.disk.rows.count < 10)
        let again = try TestRoom(disk: bench.disk)
        #expect(again.room.committed == bench.room.committed)
    }

    @Test func `Opening a room does not put off its snapshot`() throws {
        var disk = TestDisk()
        var replica: ReplicaID?
        var seq: Int64 = 0
        for _ in 0..<45 {
            let bench = try TestRoom(disk: disk)
            let author = try bench.join(replica: replica)
            replica = author.replica?.id
            for _ in 0..<100 {
                seq += 1
                _ = bench.edit(author, seq: seq, set: [.bpm: .integer(80 + seq % 170)])
            }
            try bench.commit()
            disk = bench.disk
        }
        let bench = try TestRoom(disk: disk)
        let author = try bench.join(replica: replica)
        #expect(disk.snapshot != nil || disk.number < Int64(Limits.snapshotNumbersMax))
        _ = bench.edit(author, seq: seq + 1, set: [.bpm: 100])
        try bench.commit()
        #expect(bench.disk.snapshot != nil)
        // And the first snapshot's number counts, not the head, when the next is due.
        #expect(bench.disk.rows.count < 10)
    }

    @Test func `The pattern's row follows within a second, and is exact at the end`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        _ = bench.edit(author, seq: 1, set: ["/title": "Row", .bpm: 100], remove: [.cowbell])
        try bench.commit()
        #expect(bench.disk.row == nil || bench.disk.row?.number == 0)
        #expect(!bench.room.isClean)
        let deadline = try #require(bench.room.nextDeadline)
        #expect(deadline <= .seconds(Limits.rowLagSeconds))
        bench.pass(.seconds(1))
        try bench.commit()
        #expect(bench.disk.row?.title == "Row")
        #expect(bench.disk.row?.bpm == 100)
        #expect(bench.room.isClean)
        _ = bench.edit(author, seq: 2, set: ["/title": "Last"])
        try bench.commit()
        try bench.commit(isFinal: true)
        #expect(bench.disk.row?.title == "Last")
        #expect(bench.disk.row?.configuration["instruments"]?.array?.count == 1)
    }

    @Test func `An empty room is idle after its time, once it is clean`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        _ = bench.edit(author, seq: 1, set: [.bpm: 100])
        bench.room.leave(author.member, now: bench.now)
        bench.pass(.seconds(Limits.roomIdleSeconds))
        #expect(!bench.room.isIdle(now: bench.now))
        try bench.commit()
        try bench.commit(isFinal: true)
        #expect(bench.room.isIdle(now: bench.now))
    }

    @Test func `An empty room on a full disk does not wake its shard without end`() throws {
        let bench = try TestRoom()
        let author = try bench.join()
        _ = bench.edit(author, seq: 1, set: [.bpm: 100])
        try bench.commit()
        bench.room.leave(author.member, now: bench.now)
        bench.collect()
        bench.room.setReadOnly(true)
        bench.pass(.seconds(Limits.roomIdleSeconds * 2))
        #expect(bench.room.nextDeadline.map { $0 > bench.now } ?? true)
    }
}
