import GRDB

extension DatabaseError {
    /// An error that only the engine can have raised.
    static func inEngine(_ error: any Error) -> DatabaseError {
        if let error = error as? DatabaseError { return error }
        guard let error = error as? GRDB.DatabaseError else {
            return .statement(code: -1, detail: String(describing: error))
        }
        return DatabaseError(error)
    }

    /// The engine's errors in our words; errors of a caller's closure as they are.
    static func translated(_ error: any Error) -> any Error {
        guard let error = error as? GRDB.DatabaseError else { return error }
        return DatabaseError(error)
    }

    private init(_ error: GRDB.DatabaseError) {
        let code = error.extendedResultCode.rawValue
        let detail = error.message ?? ""
        switch error.resultCode {
        case .SQLITE_CONSTRAINT:
            self = .constraint(ConstraintKind(error.extendedResultCode), detail: detail)
        case .SQLITE_FULL: self = .diskFull
        case .SQLITE_IOERR: self = .io(code: code)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt
        case .SQLITE_READONLY: self = .readOnly
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        case .SQLITE_CANTOPEN: self = .cannotOpen(detail: detail)
        // GRDB's answer on a connection that was closed.
        case .SQLITE_MISUSE where detail.contains("closed"): self = .closed
        default: self = .statement(code: code, detail: detail)
        }
    }
}

extension ConstraintKind {
    fileprivate init(_ code: ResultCode) {
        switch code {
        case .SQLITE_CONSTRAINT_UNIQUE: self = .unique
        case .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID: self = .primaryKey
        case .SQLITE_CONSTRAINT_FOREIGNKEY: self = .foreignKey
        case .SQLITE_CONSTRAINT_CHECK: self = .check
        case .SQLITE_CONSTRAINT_NOTNULL: self = .notNull
        // SQLITE_CONSTRAINT_DATATYPE, of STRICT tables; GRDB has no name for it.
        case ResultCode(rawValue: 3091): self = .type
        default: self = .other
        }
    }
}
