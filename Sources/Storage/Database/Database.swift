/// A transactional SQL database with one writer and many readers.
///
/// The seam between the stores and the engine: SQLite today (`SQLiteDatabase`), PostgreSQL for
/// those who outgrow one machine. Methods block the calling thread; callers bring their
/// own executor.
package protocol Database: Sendable {
    /// Runs `body` on a snapshot that concurrent commits do not change.
    func read<Result>(_ body: (any Connection) throws -> Result) throws -> Result

    /// Runs `body` in the writer's transaction, which takes the write lock at its beginning.
    ///
    /// When this returns, the transaction is on the disk. When it throws, nothing of it is kept in
    /// this process's view; after an I/O error during the commit itself the disk may still hold it,
    /// which is why callers then `reopen()` and read again.
    func write<Result>(_ body: (any Connection) throws -> Result) throws -> Result

    /// Closes all connections and opens new ones, forgetting whatever a failing disk left in them.
    func reopen() throws(DatabaseError)

    /// Moves what was committed out of the log into the main file, on the writer's connection, and
    /// reports what stood in the way. `emptying` also waits for readers and restarts the log.
    func checkpoint(emptying: Bool) throws(DatabaseError)

    /// Closes all connections. Later calls throw `DatabaseError.closed`.
    func close() throws(DatabaseError)
}
