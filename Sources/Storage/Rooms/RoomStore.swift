package import Model

/// Rooms: heads, the log of edits, snapshots, replicas and verdicts.
package struct RoomStore {
    /// Log rows that one `log` call returns.
    package static let logRowsMax: Int64 = 4_096

    private let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Makes the room of a pattern, at number 0; returns false when it exists already.
    @discardableResult
    package func create(_ pattern: Identifier, epoch: Int64) throws(DatabaseError) -> Bool {
        try connection.execute(
            RoomStatement.create, [.identifier(pattern), .integer(epoch)]) == 1
    }

    /// Makes the room of a pattern with its first state, unless it is there. It needs no row of
    /// its own in the log: the state before the first edit is a snapshot of number 0.
    package func begin(
        _ pattern: Identifier, epoch: Int64, snapshot: [UInt8], nowMs: Int64
    ) throws {
        guard try create(pattern, epoch: epoch) else { return }
        try append(
            RoomCommit(
                pattern: pattern, epoch: epoch, firstNumber: 1, lastNumber: 0,
                committedMs: nowMs, edits: [],
                snapshot: RoomSnapshot(number: 0, bytes: snapshot, floor: 0)))
    }

    /// Where a room is, nil when there is none.
    package func head(
        _ pattern: Identifier
    ) throws(DatabaseError) -> (epoch: Int64, number: Int64)? {
        try connection.first(RoomStatement.head, [.identifier(pattern)]) {
            (row) throws(DatabaseError) in (try row.integer(0), try row.integer(1))
        }
    }

    /// Rooms after `id` whose patterns' rows do not show their head: a crash came between.
    package func stale(
        after id: Identifier, limit: Int64
    ) throws(DatabaseError) -> [Identifier] {
        try connection.rows(RoomStatement.stale, [.identifier(id), .integer(limit)]) {
            (row) throws(DatabaseError) in try row.identifier(0)
        }
    }

    /// Everything a room's home needs, or nil when there is no such room. The first log row may
    /// begin at or before the snapshot's number, when the snapshot was taken inside a commit.
    /// A log with a gap is `corrupt`.
    package func open(_ pattern: Identifier) throws(DatabaseError) -> RoomRecord? {
        let id = Value.identifier(pattern)
        let head = try connection.first(RoomStatement.head, [id]) { (row) throws(DatabaseError) in
            RoomRecord(
                pattern: pattern, epoch: try row.integer(0), number: try row.integer(1),
                floor: try row.integer(2), rowNumber: try row.integer(4),
                snapshotNumber: try row.integer(3), snapshot: [], log: [], replicas: [],
                verdicts: [])
        }
        guard var room = head else { return nil }
        room.snapshot =
            try connection.first(RoomStatement.snapshot, [id]) { (row) throws(DatabaseError) in
                try row.blob(0)
            } ?? []
        var after = room.snapshotNumber
        while after < room.number {
            let rows = try log(of: pattern, after: after)
            guard !rows.isEmpty else { throw .corrupt }
            for row in rows {
                // A gap between snapshot and head cannot be: nobody must open half a room. Only
                // the first row may begin earlier, when the snapshot was taken inside it.
                guard row.firstNumber <= after + 1, room.log.isEmpty || row.firstNumber == after + 1
                else { throw .corrupt }
                after = row.lastNumber
                room.log.append(row)
            }
        }
        room.replicas = try replicas(of: pattern)
        room.listedThrough = try HistoryStore(connection).lastNumber(of: pattern)
        room.verdicts = try connection.rows(RoomStatement.verdicts, [id]) {
            (row) throws(DatabaseError) in
            VerdictRow(
                replica: try row.bits(0), seq: try row.integer(1), verdict: try row.blob(2))
        }
        return room
    }

    /// The log after a number, in order, at most `limit` (`logRowsMax`) rows. The first row begins
    /// at or before `number + 1` when `number` is at or above the room's floor.
    package func log(
        of pattern: Identifier, after number: Int64, limit: Int64 = logRowsMax
    ) throws(DatabaseError) -> [RoomLogRow] {
        try connection.rows(
            RoomStatement.log,
            [.identifier(pattern), .integer(number), .integer(min(limit, Self.logRowsMax))]
        ) { (row) throws(DatabaseError) in
            RoomLogRow(
                firstNumber: try row.integer(0), lastNumber: try row.integer(1),
                committedMs: try row.integer(2), edits: try row.blob(3))
        }
    }

    /// Adds one commit's edits, voids and confirmations to a room.
    ///
    /// Throws `RoomConflict` when the room is not where the commit believes it is (the writer's
    /// fence), and `DatabaseError`. Both leave the caller's savepoint to be rolled back.
    package func append(_ commit: RoomCommit) throws {
        let id = Value.identifier(commit.pattern)
        let advanced = try connection.execute(
            RoomStatement.advance,
            [
                .integer(commit.lastNumber), .integer(commit.snapshot?.floor),
                .integer(commit.snapshot?.number), .integer(commit.row?.number), id,
                .integer(commit.epoch), .integer(commit.firstNumber - 1),
            ])
        guard advanced == 1 else { throw try conflict(commit.pattern) }
        if commit.lastNumber >= commit.firstNumber {
            try connection.execute(
                RoomStatement.appendLog,
                [
                    id, .integer(commit.lastNumber), .integer(commit.firstNumber),
                    .integer(commit.committedMs), .blob(commit.edits),
                ])
        }
        for replica in commit.replicas {
            try write(replica, pattern: id)
        }
        for verdict in commit.verdicts {
            try connection.execute(
                RoomStatement.writeVerdict,
                [id, .bits(verdict.replica), .integer(verdict.seq), .blob(verdict.verdict)])
        }
        try confirmVerdicts(commit.confirmed, of: commit.pattern)
        for operation in commit.operations {
            try OperationStore(connection).note(
                operation.operation, of: operation.user, operation.done,
                nowMs: commit.committedMs)
        }
        if !commit.history.isEmpty {
            try HistoryStore(connection).append(
                commit.history, to: commit.pattern, nowMs: commit.committedMs)
        }
        if let row = commit.row {
            try PatternStore(connection).update(
                commit.pattern, content: row.content, updatedMs: row.updatedMs)
        }
        if let snapshot = commit.snapshot {
            try connection.execute(RoomStatement.writeSnapshot, [id, .blob(snapshot.bytes)])
            // At most the rows since the last snapshot, and each holds at least one edit.
            try connection.execute(
                RoomStatement.deleteLog, [id, .integer(Self.logRowsMax)])
        }
    }

    /// Forgets verdicts that their clients have noted.
    package func confirmVerdicts(
        _ confirmed: [ConfirmedVerdicts], of pattern: Identifier
    ) throws(DatabaseError) {
        for item in confirmed {
            try connection.execute(
                RoomStatement.confirmVerdicts,
                [.identifier(pattern), .bits(item.replica), .integer(item.through)])
        }
    }

    /// Makes the `patterns` row show a number of the room, without an edit.
    ///
    /// Throws `RoomConflict` when the room is of another epoch or its row shows more already.
    package func showRow(
        _ pattern: Identifier, epoch: Int64, update: PatternRowUpdate
    ) throws {
        let shown = try connection.execute(
            RoomStatement.showRow,
            [.integer(update.number), .identifier(pattern), .integer(epoch)])
        guard shown == 1 else { throw try conflict(pattern) }
        try PatternStore(connection).update(
            pattern, content: update.content, updatedMs: update.updatedMs)
    }

    private func replicas(of pattern: Identifier) throws(DatabaseError) -> [ReplicaRow] {
        try connection.rows(RoomStatement.replicas, [.identifier(pattern)]) {
            (row) throws(DatabaseError) in
            ReplicaRow(
                replica: try row.bits(0), user: try row.identifier(1),
                lastSeq: try row.integer(2), lastStamp: try row.bits(3),
                createdMs: try row.integer(4), usedMs: try row.integer(5))
        }
    }

    private func write(_ replica: ReplicaRow, pattern: Value) throws {
        let written = try connection.execute(
            RoomStatement.writeReplica,
            [
                pattern, .bits(replica.replica), .identifier(replica.user),
                .integer(replica.lastSeq), .bits(replica.lastStamp), .integer(replica.createdMs),
                .integer(replica.usedMs),
            ])
        guard written == 1 else { throw RoomConflict.replica(replica.replica) }
    }

    private func conflict(_ pattern: Identifier) throws(DatabaseError) -> RoomConflict {
        try connection.first(RoomStatement.head, [.identifier(pattern)]) {
            (row) throws(DatabaseError) in
            RoomConflict.head(epoch: try row.integer(0), number: try row.integer(1))
        } ?? .absent
    }
}
