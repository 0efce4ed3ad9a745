import GRDB
import Synchronization

/// SQLite in WAL mode through GRDB's pool: one connection writes and checkpoints, others read.
///
/// That no second connection ever checkpoints is a rule: older SQLite (3.40.1 among them) can lose
/// commits when a checkpoint that restarts the log races a writer on another connection. Readers
/// are opened read-only, which cannot checkpoint.
package final class SQLiteDatabase: Database {
    private let path: String
    private let options: SQLiteOptions
    /// Nil while closed.
    private let pool: Mutex<DatabasePool?>

    /// Opens or creates the file at an absolute `path`.
    package init(path: String, options: SQLiteOptions = SQLiteOptions()) throws(DatabaseError) {
        self.path = path
        self.options = options
        self.pool = Mutex(try Self.open(path: path, options: options))
    }

    package func read<Result>(_ body: (any Connection) throws -> Result) throws -> Result {
        let pool = try currentPool()
        do {
            return try pool.read { try body(SQLiteConnection($0)) }
        } catch {
            throw DatabaseError.translated(error)
        }
    }

    package func write<Result>(_ body: (any Connection) throws -> Result) throws -> Result {
        let pool = try currentPool()
        do {
            return try pool.writeWithoutTransaction { database in
                try database.beginTransaction(.immediate)
                do {
                    let result = try body(SQLiteConnection(database))
                    try database.commit()
                    return result
                } catch {
                    // The first error is the one to report; a rollback that fails as well leaves
                    // a transaction that the pool's close discards.
                    try? database.rollback()
                    throw error
                }
            }
        } catch {
            throw DatabaseError.translated(error)
        }
    }

    package func reopen() throws(DatabaseError) {
        let old = pool.withLock { pool in
            let old = pool
            pool = nil
            return old
        }
        // What cannot be closed in order is dropped: the file's log recovers it.
        try? old?.close()
        let new = try Self.open(path: path, options: options)
        pool.withLock { $0 = new }
    }

    package func checkpoint(emptying: Bool) throws(DatabaseError) {
        let pool = try currentPool()
        do {
            try pool.writeWithoutTransaction { database in
                _ = try database.checkpoint(emptying ? .truncate : .passive)
            }
        } catch {
            throw DatabaseError.inEngine(error)
        }
    }

    package func close() throws(DatabaseError) {
        let old = pool.withLock { pool in
            let old = pool
            pool = nil
            return old
        }
        guard let old else { return }
        // The pool closes its writer before its readers, and a reader cannot empty the log, as the
        // last connection would. A log left behind is dangerous: whoever puts an older main file
        // beside it gets a mixture. When the disk is too ill for it, the next start recovers.
        try? old.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        do {
            try old.close()
        } catch {
            throw DatabaseError.inEngine(error)
        }
    }

    private func currentPool() throws(DatabaseError) -> DatabasePool {
        guard let pool = pool.withLock({ $0 }) else { throw .closed }
        return pool
    }

    private static func open(
        path: String, options: SQLiteOptions
    ) throws(DatabaseError) -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "Storage"
        configuration.foreignKeysEnabled = true
        configuration.journalMode = .wal
        configuration.maximumReaderCount = options.readersMax
        configuration.busyMode = .timeout(options.busyTimeoutSeconds)
        configuration.persistentReadOnlyConnections = true
        // A transaction that a failing disk does not let us roll back is an error to report, not a
        // reason to stop the process; the reopening that follows discards it.
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { try refuseForeign($0) }
        do {
            let pool = try DatabasePool(
                path: location(path, vfs: options.vfs), configuration: configuration)
            try pool.writeWithoutTransaction { database in
                // Here and not in `prepareDatabase`: the pool sets NORMAL after that ran, with
                // which a commit returns before it is on the disk.
                try database.execute(sql: "PRAGMA synchronous = \(options.synchronous.rawValue)")
                try database.execute(sql: "PRAGMA journal_size_limit = \(logBytesMax)")
                try database.execute(sql: "PRAGMA temp_store = MEMORY")
            }
            return pool
        } catch {
            throw DatabaseError.inEngine(error)
        }
    }

    /// The log file is cut back to this after a checkpoint that restarts it.
    private static let logBytesMax = 64 << 20

    /// A plain path, or the `file:` URI that names a VFS.
    private static func location(_ path: String, vfs: String?) -> String {
        guard let vfs else { return path }
        let escaped = path.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "%"): "%25"
            case UInt8(ascii: "?"): "%3f"
            case UInt8(ascii: "#"): "%23"
            default: String(decoding: [byte], as: UTF8.self)
            }
        }
        return "file:\(escaped.joined())?vfs=\(vfs)"
    }
}
