import CRDT
import Model
import Rooms
import Storage
import Wire

/// A room as it was found on disk.
struct LoadedRoom: Sendable {
    enum Found: Sendable {
        case room(LoadedRoom)
        case roomMissing(PatternRecord, RoomAccess)
        case patternMissing
    }

    let pattern: PatternRecord
    let access: RoomAccess
    let record: RoomRecord

    static func read(_ id: Identifier, from connection: any Connection) throws -> Found {
        guard let pattern = try PatternStore(connection).find(id),
            let access = try RoomAccess.read(id, from: connection)
        else { return .patternMissing }
        guard let record = try RoomStore(connection).open(id) else {
            return .roomMissing(pattern, access)
        }
        return .room(LoadedRoom(pattern: pattern, access: access, record: record))
    }

    func history() throws(RoomHistory.Unreadable) -> RoomHistory {
        var verdicts: [(replica: ReplicaID, verdict: Verdict)] = []
        for row in record.verdicts {
            guard let json = try? JSON.parse(row.verdict), let verdict = Verdict(json: json) else {
                continue
            }
            verdicts.append((ReplicaID(rawValue: row.replica), verdict))
        }
        return RoomHistory(
            room: record.pattern, epoch: record.epoch, number: record.number,
            rowNumber: record.rowNumber, snapshot: record.snapshot,
            rows: record.log.map(\.edits),
            replicas: record.replicas.map {
                RoomHistory.Replica(
                    id: ReplicaID(rawValue: $0.replica), user: $0.user, lastSeq: $0.lastSeq,
                    lastStamp: Stamp(rawValue: $0.lastStamp))
            },
            verdicts: verdicts, listedThrough: record.listedThrough)
    }
}

extension PatternRecord {
    /// The document of a pattern that has no room yet, from its row.
    func document(catalogue: Catalogue) -> Document {
        let configuration = try? JSON.parse(
            Array(content.configuration.utf8), limits: .trusted)
        return PatternView.document(
            title: content.title, description: content.description ?? "",
            flavor: Flavor(rawValue: content.flavor) ?? .salsa, bpm: content.bpm,
            keyNote: content.keyNote, configuration: configuration, catalogue: catalogue)
    }
}

extension RoomCommit {
    init(_ draft: CommitDraft) {
        self.init(
            pattern: draft.room, epoch: draft.epoch, firstNumber: draft.firstNumber,
            lastNumber: draft.lastNumber, committedMs: draft.wallClockMs, edits: draft.records,
            replicas: draft.replicas.map {
                ReplicaRow(
                    replica: $0.id.rawValue, user: $0.user, lastSeq: $0.lastSeq,
                    lastStamp: $0.lastStamp.rawValue, createdMs: draft.wallClockMs,
                    usedMs: draft.wallClockMs)
            },
            verdicts: draft.verdicts.map {
                VerdictRow(
                    replica: $0.replica.rawValue, seq: $0.verdict.seq,
                    verdict: $0.verdict.json.serialised())
            },
            confirmed: draft.confirmed.map {
                ConfirmedVerdicts(replica: $0.replica.rawValue, through: $0.through)
            },
            row: draft.row.map {
                PatternRowUpdate(
                    number: $0.number, content: PatternContent($0), updatedMs: draft.wallClockMs)
            },
            snapshot: draft.snapshot.map {
                RoomSnapshot(number: $0.number, bytes: $0.bytes, floor: $0.number)
            },
            operations: draft.operations.map {
                OperationRow($0, pattern: draft.room)
            }, history: draft.history.map(HistoryRow.init))
    }
}

extension OperationRow {
    /// The answer is the pattern, as it is when the call is sent again.
    fileprivate init(_ note: OperationNote, pattern: Identifier) {
        let answer: JSON = ["pattern": .string(pattern.description)]
        self.init(
            user: note.user, operation: note.operation,
            done: OperationStore.Done(
                requestSHA256: note.requestSHA256,
                answer: String(decoding: answer.serialised(), as: UTF8.self)))
    }
}

extension HistoryRow {
    fileprivate init(_ entry: HistoryEntry) {
        let paths = JSON.array(entry.paths.map { .string($0) })
        self.init(
            firstNumber: entry.firstNumber, number: entry.number, user: entry.user,
            editCount: Int64(entry.editCount),
            paths: String(decoding: paths.serialised(), as: UTF8.self), firstMs: entry.firstMs,
            lastMs: entry.lastMs, document: entry.document)
    }
}
