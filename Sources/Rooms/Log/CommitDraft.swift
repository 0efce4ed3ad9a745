package import CRDT
package import Model
package import Wire

/// What a room asks to be made durable, in one piece. The server turns it into rows.
package struct CommitDraft: Sendable {
    /// A replica as it is after this commit.
    package struct ReplicaMark: Sendable {
        package let id: ReplicaID
        package let user: Identifier
        package let lastSeq: Int64
        package let lastStamp: Stamp
    }

    /// The pattern's own row: the normalised view, following the room.
    package struct Row: Sendable {
        package let number: Int64
        package let title: String
        package let description: String
        package let flavor: Flavor
        package let bpm: Int64
        package let keyNote: Int64
        /// `Protocol/wire.md#methods`: configuration and machines of `pattern.get`.
        package let configuration: JSON
    }

    package struct Snapshot: Sendable {
        package let number: Int64
        package let bytes: [UInt8]
    }

    package let room: Identifier
    package let epoch: Int64
    package let wallClockMs: Int64
    /// The log row: records of the numbers `firstNumber...lastNumber`; none when it is empty.
    package let firstNumber: Int64
    package let lastNumber: Int64
    package let records: [UInt8]
    package let replicas: [ReplicaMark]
    package let verdicts: [(replica: ReplicaID, verdict: Verdict)]
    /// Verdicts up to this `seq` may be forgotten.
    package let confirmed: [(replica: ReplicaID, through: Int64)]
    package let row: Row?
    package let snapshot: Snapshot?
    /// Calls that are done with this commit.
    package let operations: [OperationNote]
    /// `Protocol/history.md#entries`.
    package let history: [HistoryEntry]
    /// Edits and verdicts in here.
    package let editCount: Int
}
