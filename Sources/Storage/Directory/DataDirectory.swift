import Glibc
import Synchronization

/// The folder that holds a server's data, held by an exclusive lock for as long as this object
/// lives.
///
/// - `lock`: locked with flock(2), so the kernel frees it however the process ends; its text is
///   the holder's pid, for the message to whoever comes second.
/// - `database.sqlite` with `-wal` and `-shm`. Whoever puts another file in its place removes these
///   two with it: SQLite would lay the old log over the new file.
/// - `cursor-keys`: what the places in lists are signed with, that clients hold (`replace(file:)`).
/// - `incarnation`: outside the database, so that a database put back from a backup is noticed
///   (`Incarnation.reconcile`).
package final class DataDirectory: IncarnationRecorder, Sendable {
    package let path: String
    private let directory: FileDescriptor
    private let lock: FileDescriptor
    private let incarnationFile: FileDescriptor
    /// The epoch that commits are recorded under; nil until `openDatabase` has settled it.
    private let epochMs = Mutex<Int64?>(nil)

    /// Where the database is.
    package var databasePath: String { path + "/database.sqlite" }

    /// Whether a server has kept its data there; takes no lock.
    package static func holdsDatabase(_ path: String) -> Bool {
        // SAFETY: reads the path, which is NUL-terminated during the call.
        unsafe access(path + "/database.sqlite", F_OK) == 0
    }

    /// Makes the folder (mode 0700) if need be, and takes its lock without waiting. `path` is
    /// absolute; its parent exists.
    package init(path: String) throws(DataDirectoryError) {
        guard path.hasPrefix("/") else { throw .notAbsolute(path: path) }
        self.path = path
        do {
            try FileDescriptor.makeDirectory(path)
            directory = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY)
            // The kernel's word, not the mode's: a read-only file system, or root's privileges.
            lock = try FileDescriptor.open(path + "/lock", O_RDWR | O_CREAT)
            if try !lock.lockExclusively() {
                throw DataDirectoryError.inUse(path: path, pid: Self.holder(lock))
            }
            try lock.truncate()
            try lock.write(Array("\(getpid())\n".utf8), at: 0)
            incarnationFile = try FileDescriptor.open(path + "/incarnation", O_RDWR | O_CREAT)
        } catch let error as SystemError {
            throw Self.readable(error, path: path)
        } catch let error as DataDirectoryError {
            throw error
        } catch {
            throw .system(path: path, call: "open", reason: String(describing: error))
        }
    }

    /// Opens the database, migrates it, and settles under which epoch it is served.
    ///
    /// Nothing may be served before this has returned. When history was rewound, the new epoch is
    /// synced into the file first and then committed to the database: after a crash in between
    /// the two differ, and the next start takes a newer epoch still.
    ///
    /// Throws `DatabaseError`, `Migrator.Refusal` or `DataDirectoryError`.
    package func openDatabase(
        nowMs: Int64, options: SQLiteOptions = SQLiteOptions(),
        migrations: [Migration] = Migration.all
    ) throws -> OpenedDatabase {
        // SQLite would leave a new file to the umask; its log takes the file's mode.
        try systemCall { () throws(SystemError) in
            try FileDescriptor.open(databasePath, O_RDWR | O_CREAT).close()
        }
        let database = try SQLiteDatabase(path: databasePath, options: options)
        do {
            try Migrator.migrate(database, nowMs: nowMs, migrations: migrations)
            let stored = try database.read { try MetaStore($0).incarnation() }
            let filed = try filedIncarnation()
            let settled = Incarnation.reconcile(stored: stored, filed: filed, nowMs: nowMs)
            if settled.isNew {
                try writeIncarnation(settled.incarnation)
                try database.write { try MetaStore($0).begin(settled.incarnation) }
            }
            // The names of the files must survive a power loss as their contents do.
            try systemCall { () throws(SystemError) in try directory.sync() }
            epochMs.withLock { $0 = settled.incarnation.epochMs }
            return OpenedDatabase(
                database: database, incarnation: settled.incarnation,
                rewound: settled.isNew && (stored != nil || filed != nil))
        } catch {
            try? database.close()
            throw error
        }
    }

    /// Notes the database's count of commits. Not synced: a lagging record is harmless, and a
    /// failure leaves a lagging one.
    package func record(commits: Int64) {
        guard let epoch = epochMs.withLock({ $0 }) else { return }
        try? incarnationFile.write(Incarnation(epochMs: epoch, commits: commits).record, at: 0)
    }

    /// Frees the directory for another server. Close the database first.
    package func release() {
        epochMs.withLock { $0 = nil }
        incarnationFile.close()
        directory.close()
        lock.unlock()
        lock.close()
    }

    private func filedIncarnation() throws(DataDirectoryError) -> Incarnation? {
        Incarnation(
            record: try systemCall { () throws(SystemError) in
                try incarnationFile.read(Incarnation.recordBytes)
            })
    }

    private func writeIncarnation(_ incarnation: Incarnation) throws(DataDirectoryError) {
        try systemCall { () throws(SystemError) in
            try incarnationFile.write(incarnation.record, at: 0)
            try incarnationFile.sync()
            try directory.sync()
        }
    }

    private func systemCall<Result>(
        _ body: () throws(SystemError) -> Result
    ) throws(DataDirectoryError) -> Result {
        do {
            return try body()
        } catch {
            throw Self.readable(error, path: path)
        }
    }

    private static func holder(_ lock: FileDescriptor) -> Int32? {
        guard let bytes = try? lock.read(16) else { return nil }
        return Int32(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }

    /// The names of the files are on the disk when this returns.
    func sync() throws(SystemError) { try directory.sync() }

    static func readable(_ error: SystemError, path: String) -> DataDirectoryError {
        switch error.code {
        case ENOTDIR, EEXIST: .notADirectory(path: path)
        case EACCES, EPERM, EROFS: .notWritable(path: path, reason: error.reason)
        case ENOENT: .notWritable(path: path, reason: "its parent does not exist")
        default: .system(path: path, call: error.call, reason: error.reason)
        }
    }
}

/// What `DataDirectory.openDatabase` gives.
package struct OpenedDatabase: Sendable {
    package let database: SQLiteDatabase
    /// As it stands now; `epochMs` is the epoch of all rooms, also of those yet to be created.
    package let incarnation: Incarnation
    /// True when this start found an older or another database than the last one left: worth a
    /// line in the log.
    package let rewound: Bool
}
