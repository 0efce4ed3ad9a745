package import CRDT
package import Model
package import Rooms
package import Wire

/// What commits of one room leave behind, in memory: the journal and tables as a value.
package struct TestDisk {
    package let epoch: Int64
    package let initial: Document
    package private(set) var rows: [(last: Int64, bytes: [UInt8])] = []
    package private(set) var replicas: [ReplicaID: RoomHistory.Replica] = [:]
    package private(set) var verdicts: [ReplicaID: [Int64: Verdict]] = [:]
    package private(set) var snapshot: CommitDraft.Snapshot?
    package private(set) var row: CommitDraft.Row?
    package private(set) var number: Int64 = 0
    /// Every accepted edit that is on disk, in order.
    package private(set) var records: [LogRecord] = []
    package private(set) var entries: [HistoryEntry] = []
    /// Every verdict that was ever written.
    package private(set) var refused: [Dot: Verdict] = [:]

    package init(epoch: Int64 = Fixture.epoch, initial: Document = Fixture.document) {
        self.epoch = epoch
        self.initial = initial
    }

    package mutating func write(_ draft: CommitDraft) throws {
        if !draft.records.isEmpty {
            precondition(draft.firstNumber == number + 1, "the log has no gaps")
            rows.append((draft.lastNumber, draft.records))
            records += try LogRecord.read(draft.records, catalogue: Fixture.catalogue)
            number = draft.lastNumber
        }
        for mark in draft.replicas {
            replicas[mark.id] = RoomHistory.Replica(
                id: mark.id, user: mark.user, lastSeq: mark.lastSeq, lastStamp: mark.lastStamp)
        }
        for (replica, verdict) in draft.verdicts {
            verdicts[replica, default: [:]][verdict.seq] = verdict
            refused[Dot(replica: replica, seq: verdict.seq)] = verdict
        }
        for (replica, through) in draft.confirmed {
            verdicts[replica] = verdicts[replica]?.filter { $0.key > through }
        }
        entries += draft.history
        if let row = draft.row { self.row = row }
        if let snapshot = draft.snapshot {
            self.snapshot = snapshot
            rows.removeAll { $0.last <= snapshot.number }
        }
    }

    package func history(epoch: Int64? = nil) -> RoomHistory {
        RoomHistory(
            room: Fixture.room, epoch: epoch ?? self.epoch, number: number,
            rowNumber: row?.number ?? 0, snapshot: snapshot?.bytes ?? initial.json.serialised(),
            rows: rows.map(\.bytes), replicas: replicas.values.sorted { $0.id < $1.id },
            verdicts: verdicts.flatMap { id, list in list.values.map { (id, $0) } },
            listedThrough: entries.map(\.number).max())
    }
}
