/// A connection inside a transaction: what the stores run their statements on.
///
/// It is valid only during the closure that received it, on that closure's thread.
/// All failures of the database itself are `DatabaseError`.
package protocol Connection {
    /// Runs a statement that returns no rows; returns how many rows it changed.
    @discardableResult
    func execute<S: SQLStatement>(_ statement: S, _ arguments: [Value]) throws(DatabaseError) -> Int

    /// Calls `body` for each row, in order, until it returns false.
    func query<S: SQLStatement>(
        _ statement: S, _ arguments: [Value], _ body: (Row) throws(DatabaseError) -> Bool
    ) throws(DatabaseError)

    /// Runs `body`; when it throws, what it did is undone and the surrounding transaction goes on.
    ///
    /// An error that ends the transaction (`DatabaseError.endsTransaction`) is passed on as it is.
    func savepoint<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws -> Result

    /// Runs the text of a migration: statements of the engine's own dialect, separated by `;`.
    func migrate(_ script: String) throws(DatabaseError)
}

extension Connection {
    /// All rows, made into values.
    package func rows<S: SQLStatement, Element>(
        _ statement: S, _ arguments: [Value], _ make: (Row) throws(DatabaseError) -> Element
    ) throws(DatabaseError) -> [Element] {
        var elements: [Element] = []
        try query(statement, arguments) { (row) throws(DatabaseError) in
            elements.append(try make(row))
            return true
        }
        return elements
    }

    /// The first row, or nil.
    package func first<S: SQLStatement, Element>(
        _ statement: S, _ arguments: [Value], _ make: (Row) throws(DatabaseError) -> Element
    ) throws(DatabaseError) -> Element? {
        var found: Element?
        try query(statement, arguments) { (row) throws(DatabaseError) in
            found = try make(row)
            return false
        }
        return found
    }
}
