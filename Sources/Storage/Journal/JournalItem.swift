/// One thing to write. Items of a batch are committed together and judged apart.
package enum JournalItem: Sendable {
    case room(RoomCommit)
    /// Any other write. It must do nothing but call stores: its transaction may be undone after it
    /// returned.
    case operation(@Sendable (any Connection) throws -> Void)
}

/// What became of one item of a committed batch.
package enum ItemOutcome: Sendable {
    /// On the disk.
    case committed
    /// Nothing of it was written; the other items were.
    case refused(ItemRefusal)
}

/// Why an item was refused.
package enum ItemRefusal: Sendable {
    /// A room is not where the commit believed it to be.
    case conflict(RoomConflict)
    /// A rule of the schema, or a defect in a statement.
    case database(DatabaseError)
    /// The operation itself threw.
    case operation(any Error)
}

/// Why nothing of a batch was committed, as far as this process can tell.
///
/// After `io` the disk may still hold the batch (the sync failed, not the write): rooms are opened
/// again once `probe()` has succeeded, not before, and resent edits then meet their own dots.
package enum JournalFailure: Error, Hashable, Sendable {
    case diskFull
    case io(code: Int32)
    case readOnly
    case corrupt
    case busy
    /// The database is closed, and could not be opened again yet.
    case closed
    /// A defect of ours in the writer's own statements.
    case defect(detail: String)

    init(_ error: any Error) {
        guard let error = error as? DatabaseError else {
            self = .defect(detail: String(describing: error))
            return
        }
        switch error {
        case .diskFull: self = .diskFull
        case .io(let code): self = .io(code: code)
        case .readOnly: self = .readOnly
        case .corrupt, .foreign: self = .corrupt
        case .busy: self = .busy
        case .closed, .cannotOpen: self = .closed
        case .constraint, .unexpectedColumn, .statement:
            self = .defect(detail: String(describing: error))
        }
    }

    /// Whether the connections may hold what the disk does not, and are replaced.
    var distrustsConnections: Bool {
        switch self {
        // A defect too: a transaction that could not be rolled back would block all later ones.
        case .io, .readOnly, .corrupt, .closed, .defect: true
        case .diskFull, .busy: false
        }
    }
}
