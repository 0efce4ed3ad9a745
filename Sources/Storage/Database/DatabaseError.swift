/// What a database can answer instead of doing what was asked.
package enum DatabaseError: Error, Hashable, Sendable {
    /// A rule of the schema refused the statement; the statement alone was undone.
    case constraint(ConstraintKind, detail: String)
    /// No room on the disk (or a quota).
    case diskFull
    /// The disk, or the file system, failed to read, write or sync. `code` is the engine's.
    case io(code: Int32)
    /// The file is not a database any more.
    case corrupt
    /// The file or the file system does not take writes.
    case readOnly
    /// Another connection kept the lock longer than the busy timeout.
    case busy
    /// The connection was closed, or is being reopened.
    case closed
    /// The file cannot be opened.
    case cannotOpen(detail: String)
    /// A column held another type than the schema promises (position in the row).
    case unexpectedColumn(Int)
    /// Anything else, which is a defect of ours: wrong SQL, wrong parameters.
    case statement(code: Int32, detail: String)
}

/// Which kind of rule refused.
package enum ConstraintKind: Hashable, Sendable {
    case unique, primaryKey, foreignKey, check, notNull, type, other
}

extension DatabaseError {
    /// Whether the whole transaction is lost, rather than one statement of it.
    package var endsTransaction: Bool {
        switch self {
        case .constraint, .unexpectedColumn, .statement: false
        case .diskFull, .io, .corrupt, .readOnly, .busy, .closed, .cannotOpen: true
        }
    }
}
