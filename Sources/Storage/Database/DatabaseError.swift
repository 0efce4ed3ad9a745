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
    /// The file is a database of another program; it was not touched.
    case foreign(applicationID: Int64)
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
        case .diskFull, .io, .corrupt, .readOnly, .busy, .closed, .cannotOpen, .foreign: true
        }
    }
}

extension DatabaseError: CustomStringConvertible {
    /// For the log, and for the person whose server does not start.
    package var description: String {
        switch self {
        case .constraint(let kind, let detail): "The database refused a row (\(kind)): \(detail)."
        case .diskFull: "The disk is full. Make room; the server goes on by itself."
        case .io(let code): "The disk failed (SQLite code \(code)). Look at the system's log."
        case .corrupt: "The file is not a sound database. Restore a backup."
        case .readOnly: "The database cannot be written. Check permissions and the mount."
        case .busy: "Another program holds the database. Close it."
        case .closed: "The database is closed."
        case .cannotOpen(let detail): "The database cannot be opened: \(detail)."
        case .foreign(let id):
            """
            The file is a database of another program (application id \(id)). Choose another \
            data directory.
            """
        case .unexpectedColumn(let column):
            "Column \(column) of a row holds what the schema does not allow."
        case .statement(let code, let detail): "A statement failed (code \(code)): \(detail)."
        }
    }
}
