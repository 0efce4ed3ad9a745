import CRDT
package import Model
import Wire

/// Between the room and the disk. `Protocol/rooms.md#settlement`.
///
/// One commit of a room is on its way at a time; what comes meanwhile gathers for the next. So a
/// commit grows with the load, and a log row holds what one commit made durable.
extension Room {
    /// What should be written now, if anything should and nothing is on its way.
    ///
    /// - Parameter isFinal: writes the pattern's row as well, whatever its age: at a clean stop.
    package mutating func beginCommit(at moment: Moment, isFinal: Bool = false) -> CommitDraft? {
        guard inFlight == nil, !isReadOnly else { return nil }
        let isRowDue =
            rowNumber < committed.number
            && (isFinal || rowDeadline.map { $0 <= moment.elapsed } ?? false)
        history.close(now: moment.elapsed, isFinal: isFinal, catalogue: catalogue)
        guard
            !gathered.isEmpty || !confirmations.isEmpty || isRowDue || history.hasFinished
        else { return nil }
        commitBeganAt = moment.elapsed
        let batch = gathered.prefix(Limits.editsPerCommitMax)
        inFlight = batch.count
        var records: [UInt8] = []
        var verdicts: [(replica: ReplicaID, verdict: Verdict)] = []
        var marks: [ReplicaID: (seq: Int64, stamp: Stamp)] = [:]
        var count: Int64 = 0
        for edit in batch {
            let id = edit.dot.replica
            var stamp = marks[id]?.stamp ?? replicas[id]?.settledStamp ?? .zero
            switch edit.judgement {
            case .accepted(_, let given, let record):
                records += record
                count += 1
                stamp = given
            case .refused(let verdict):
                verdicts.append((id, verdict))
            }
            marks[id] = (edit.dot.seq, stamp)
        }
        if isRowDue { rowInFlight = committed.number }
        var snapshot: CommitDraft.Snapshot?
        if committed.number - snapshotNumber >= Limits.snapshotNumbersMax {
            snapshotInFlight = committed.number
            snapshot = CommitDraft.Snapshot(
                number: committed.number, bytes: committed.json.serialised())
        }
        confirmationsInFlight = confirmations
        confirmations = [:]
        return CommitDraft(
            room: id, epoch: epoch, wallClockMs: moment.wallClockMs,
            firstNumber: committed.number + 1, lastNumber: committed.number + count,
            records: records,
            replicas: marks.sorted { $0.key < $1.key }.compactMap { id, mark in
                replicas[id].map {
                    CommitDraft.ReplicaMark(
                        id: id, user: $0.user, lastSeq: mark.seq, lastStamp: mark.stamp)
                }
            },
            verdicts: verdicts,
            confirmed: confirmationsInFlight.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            row: isRowDue ? row : nil, snapshot: snapshot,
            operations: batch.compactMap(\.note), history: history.beginCommit(),
            editCount: batch.count)
    }

    /// The commit that was on its way is on disk. Only now may anybody hear of it.
    package mutating func commitSucceeded(at moment: Moment) {
        guard let count = inFlight else { return }
        inFlight = nil
        history.commitSucceeded()
        let before = committed
        for edit in gathered.prefix(count) { settle(edit) }
        if committed.number > before.number { noteHistory(count, before, at: moment) }
        gatheredBytes -= gathered.prefix(count).reduce(0) { $0 + $1.byteCount }
        gathered.removeFirst(count)
        if let number = rowInFlight {
            rowNumber = number
            rowStaleSince = nil
        }
        if rowNumber < committed.number, rowStaleSince == nil { rowStaleSince = moment.elapsed }
        if let number = snapshotInFlight { snapshotNumber = number }
        rowInFlight = nil
        snapshotInFlight = nil
        confirmationsInFlight = [:]
        if count > 0 {
            followTempo(at: moment)
            requestBroadcast(now: moment.elapsed)
        }
    }

    /// The commit that was on its way did not happen. Nothing was said of it; whoever sent an edit
    /// that is not on disk is asked to send it again.
    package mutating func commitFailed(at moment: Moment) {
        inFlight = nil
        history.commitFailed()
        rowInFlight = nil
        snapshotInFlight = nil
        let lost = gathered
        gathered.removeAll()
        gatheredBytes = 0
        speculative = committed
        for edit in lost {
            respond(to: edit, .failure(.readOnly))
            let id = edit.dot.replica
            guard let replica = replicas[id] else { continue }
            replicas[id]?.fallBack()
            guard replica.member != nil else {
                forgetUnused(id)
                continue
            }
            replicas[id]?.toldRetryFrom = replica.settledSeq + 1
            replicas[id]?.retry = Settlement.Retry(
                from: replica.settledSeq + 1, code: .readOnly,
                retryAfterMs: Int64(Limits.readOnlyRetryMs))
            owe(id)
        }
        confirmations.merge(confirmationsInFlight) { max($0, $1) }
        confirmationsInFlight = [:]
        requestBroadcast(now: moment.elapsed)
    }

    /// While the disk does not take writes, edits are refused for a passing reason, and nothing
    /// else stops.
    package mutating func setReadOnly(_ isReadOnly: Bool) {
        self.isReadOnly = isReadOnly
    }

    /// Whether `beginCommit` should be called. The first commit after a quiet spell is due at
    /// once, later ones follow the pace of broadcasts: what nobody can be told yet need not be
    /// synced yet, and each sync costs more than all the edits it carries.
    package func isCommitDue(now: Duration) -> Bool {
        gathered.count >= Limits.editsPerCommitMax || commitDeadline.map { $0 <= now } ?? true
    }

    var commitDeadline: Duration? {
        guard !gathered.isEmpty, inFlight == nil, !isReadOnly else { return nil }
        return commitBeganAt.map { $0 + pace }
    }

    /// When the pattern's row has to follow.
    var rowDeadline: Duration? {
        guard rowNumber < committed.number, inFlight == nil, !isReadOnly else { return nil }
        // The commit that carries the row takes its time too.
        return rowStaleSince.map { $0 + .seconds(Limits.rowLagSeconds) * 4 / 5 }
    }

    /// The pattern as its row should show it.
    package var row: CommitDraft.Row {
        CommitDraft.Row(of: committed, catalogue: catalogue)
    }

    /// When a movement of a hand is over and goes to the disk.
    var historyDeadline: Duration? {
        inFlight == nil && !isReadOnly ? history.deadline : nil
    }

    private mutating func noteHistory(_ count: Int, _ before: Document, at moment: Moment) {
        history.note(
            gathered.prefix(count).compactMap { edit in
                guard case .accepted(let delta, _, _) = edit.judgement else { return nil }
                return (replicas[edit.dot.replica]?.user, delta, edit.note != nil)
            }, before: before, after: committed, at: moment, catalogue: catalogue)
    }

    private mutating func settle(_ edit: GatheredEdit) {
        let id = edit.dot.replica
        replicas[id]?.settledSeq = edit.dot.seq
        owe(id)
        switch edit.judgement {
        case .accepted(let delta, let stamp, _):
            committed.append(delta)
            unsent.join(delta)
            replicas[id]?.settledStamp = stamp
        case .refused(let verdict):
            replicas[id]?.verdicts[edit.dot.seq] = verdict
            replicas[id]?.unsettledVerdicts -= 1
        }
        if edit.calls.isEmpty { return }
        switch edit.judgement {
        case .accepted(let delta, _, _):
            respond(to: edit, .success(["number": .integer(delta.number)]))
        case .refused(let verdict): respond(to: edit, .failure(verdict.error))
        }
    }

    /// Also for who has left meanwhile: a call is answered.
    private mutating func respond(to edit: GatheredEdit, _ answer: Result<JSON, WireError>) {
        for call in edit.calls { effects.append(.respond(call, answer)) }
    }
}
