package import Model

/// What one room adds in one commit: edits, voids, or both.
package struct RoomCommit: Hashable, Sendable {
    package var pattern: Identifier
    /// Must be the room's, or the commit conflicts: history was rewound in between.
    package var epoch: Int64
    /// Must follow the room's number, or the commit conflicts.
    package var firstNumber: Int64
    /// `firstNumber - 1` when there are no edits, only voids.
    package var lastNumber: Int64
    package var committedMs: Int64
    /// The edits `firstNumber...lastNumber`, opaque here; empty when there are none.
    package var edits: [UInt8]
    /// The new state of each replica that this commit moves or issues.
    package var replicas: [ReplicaRow]
    package var verdicts: [VerdictRow]
    package var confirmed: [ConfirmedVerdicts]
    package var row: PatternRowUpdate?
    package var snapshot: RoomSnapshot?
    /// Calls that some of the edits answer: noted with them, so that each happens once.
    package var operations: [OperationRow]
    package var history: [HistoryRow]

    package init(
        pattern: Identifier, epoch: Int64, firstNumber: Int64, lastNumber: Int64,
        committedMs: Int64, edits: [UInt8], replicas: [ReplicaRow] = [],
        verdicts: [VerdictRow] = [], confirmed: [ConfirmedVerdicts] = [],
        row: PatternRowUpdate? = nil, snapshot: RoomSnapshot? = nil,
        operations: [OperationRow] = [], history: [HistoryRow] = []
    ) {
        precondition(lastNumber >= firstNumber - 1, "a range of edits cannot run backwards")
        precondition(edits.isEmpty == (lastNumber < firstNumber), "edits have numbers")
        self.pattern = pattern
        self.epoch = epoch
        self.firstNumber = firstNumber
        self.lastNumber = lastNumber
        self.committedMs = committedMs
        self.edits = edits
        self.replicas = replicas
        self.verdicts = verdicts
        self.confirmed = confirmed
        self.row = row
        self.snapshot = snapshot
        self.operations = operations
        self.history = history
    }
}

/// A client has taken note of all verdicts of its replica up to `through`.
package struct ConfirmedVerdicts: Hashable, Sendable {
    package var replica: UInt64
    package var through: Int64

    package init(replica: UInt64, through: Int64) {
        self.replica = replica
        self.through = through
    }
}

/// What the `patterns` row shall show.
package struct PatternRowUpdate: Hashable, Sendable {
    /// The room's number that `content` is the view of.
    package var number: Int64
    package var content: PatternContent
    package var updatedMs: Int64

    package init(number: Int64, content: PatternContent, updatedMs: Int64) {
        self.number = number
        self.content = content
        self.updatedMs = updatedMs
    }
}

/// A room's state at a number, and how far the log may then be cut.
package struct RoomSnapshot: Hashable, Sendable {
    package var number: Int64
    package var bytes: [UInt8]
    /// At most `number`; what lies between is kept for clients that resume.
    package var floor: Int64

    package init(number: Int64, bytes: [UInt8], floor: Int64) {
        self.number = number
        self.bytes = bytes
        self.floor = floor
    }
}

/// Why a room's commit does not fit what is stored.
package enum RoomConflict: Error, Hashable, Sendable {
    /// There is no such room.
    case absent
    /// Somebody else moved the room's head, or history was rewound; this is where it stands.
    case head(epoch: Int64, number: Int64)
    /// The replica belongs to another user, or its sequence would step back.
    case replica(UInt64)
}
