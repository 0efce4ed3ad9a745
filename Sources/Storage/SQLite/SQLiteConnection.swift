import Foundation
import GRDB

/// A GRDB connection seen through the seam.
struct SQLiteConnection: Connection {
    private let database: GRDB.Database

    init(_ database: GRDB.Database) {
        self.database = database
    }

    @discardableResult
    package func execute<S: SQLStatement>(
        _ statement: S, _ arguments: [Value]
    ) throws(DatabaseError) -> Int {
        do {
            let prepared = try database.cachedStatement(sql: statement.rawValue)
            try prepared.execute(arguments: StatementArguments(arguments.map(\.databaseValue)))
            return database.changesCount
        } catch {
            throw DatabaseError.inEngine(error)
        }
    }

    package func query<S: SQLStatement>(
        _ statement: S, _ arguments: [Value], _ body: (Row) throws(DatabaseError) -> Bool
    ) throws(DatabaseError) {
        do {
            let prepared = try database.cachedStatement(sql: statement.rawValue)
            let cursor = try GRDB.Row.fetchCursor(
                prepared, arguments: StatementArguments(arguments.map(\.databaseValue)))
            while let row = try cursor.next() {
                let values = Array(row.databaseValues).map { Value($0) }
                guard try body(Row(values)) else { return }
            }
        } catch {
            throw DatabaseError.inEngine(error)
        }
    }

    package func savepoint<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws -> Result {
        try perform("SAVEPOINT item")
        do {
            let result = try body()
            try perform("RELEASE SAVEPOINT item")
            return result
        } catch {
            let cause = DatabaseError.translated(error)
            if let cause = cause as? DatabaseError, cause.endsTransaction { throw cause }
            // Some errors (no memory, for one) end the transaction, and the savepoint with it. The
            // next statement would then commit by itself, so no caller may go on.
            guard database.isInsideTransaction else {
                throw DatabaseError.io(code: ResultCode.SQLITE_ABORT.rawValue)
            }
            try perform("ROLLBACK TO SAVEPOINT item")
            try perform("RELEASE SAVEPOINT item")
            throw cause
        }
    }

    package func migrate(_ script: String) throws(DatabaseError) {
        do {
            try database.execute(sql: script)
        } catch {
            throw DatabaseError.inEngine(error)
        }
    }

    /// Runs one of this file's own statements from the cache.
    private func perform(_ sql: String) throws(DatabaseError) {
        do {
            try database.cachedStatement(sql: sql).execute()
        } catch {
            throw DatabaseError.inEngine(error)
        }
    }
}

extension Value {
    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .real(number)
        case .string(let string): self = .text(string)
        case .blob(let data): self = .blob([UInt8](data))
        }
    }

    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .real(let number): number.databaseValue
        case .text(let string): string.databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        }
    }
}
