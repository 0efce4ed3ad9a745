import Model
import Storage

/// What waits for the journal.
enum JournalEntry: Sendable {
    /// A room's commit; its shard is told.
    case room(RoomCommit, edits: Int, shard: Int)
    /// Any other write, and whom to tell. Called on the journal's queue, or by the
    /// submitter itself when the operation is refused at once.
    case operation(
        @Sendable (any Connection) throws -> Void,
        completion: @Sendable (Result<Void, OperationFailure>) -> Void)

    var edits: Int {
        if case .room(_, let edits, _) = self { edits } else { 1 }
    }
}

/// Why an operation was not written.
enum OperationFailure: Error, Sendable {
    /// The disk does not take writes now.
    case unavailable
    /// Too many operations wait.
    case busy
    /// What the operation itself threw, or the rule of the schema that it broke.
    case refused(any Error)
}

/// What became of a room's commit.
enum RoomCommitOutcome: Sendable {
    case committed
    /// The disk refused; nothing of it was written.
    case failed
    /// What is on disk may differ from what the room believes: read it again.
    case mustReload
}
