package import Model

/// All that is kept of a room, as its home needs it to open it.
package struct RoomRecord: Hashable, Sendable {
    package var pattern: Identifier
    package var epoch: Int64
    /// The number of the last committed edit; 0 before the first.
    package var number: Int64
    /// Edits at or below it are gone from the log: a cursor below it needs a snapshot.
    package var floor: Int64
    /// The number that the `patterns` row shows; below `number` after a crash, and then stale.
    package var rowNumber: Int64
    /// The number that the snapshot contains.
    package var snapshotNumber: Int64
    /// Canonical bytes of the state, opaque here; empty stands for the initial state.
    package var snapshot: [UInt8]
    /// The log after the snapshot, in order, without gaps.
    package var log: [RoomLogRow]
    package var replicas: [ReplicaRow]
    /// Verdicts that their clients have not confirmed yet.
    package var verdicts: [VerdictRow]
    /// The number that `history` leads up to; nil when nothing of the room is there.
    package var listedThrough: Int64?
}

/// A row of `room_log`: the edits of one commit of one room.
package struct RoomLogRow: Hashable, Sendable {
    package var firstNumber: Int64
    package var lastNumber: Int64
    package var committedMs: Int64
    /// Opaque here.
    package var edits: [UInt8]
}

/// A row of `room_replicas`: an author's device in one room.
package struct ReplicaRow: Hashable, Sendable {
    package var replica: UInt64
    package var user: Identifier
    package var lastSeq: Int64
    package var lastStamp: UInt64
    package var createdMs: Int64
    package var usedMs: Int64

    package init(
        replica: UInt64, user: Identifier, lastSeq: Int64, lastStamp: UInt64, createdMs: Int64,
        usedMs: Int64
    ) {
        self.replica = replica
        self.user = user
        self.lastSeq = lastSeq
        self.lastStamp = lastStamp
        self.createdMs = createdMs
        self.usedMs = usedMs
    }
}

/// A row of `room_verdicts`: the answer that a resend of the dot (replica, seq) must get again.
package struct VerdictRow: Hashable, Sendable {
    package var replica: UInt64
    package var seq: Int64
    /// Opaque here.
    package var verdict: [UInt8]

    package init(replica: UInt64, seq: Int64, verdict: [UInt8]) {
        self.replica = replica
        self.seq = seq
        self.verdict = verdict
    }
}
