/// How a SQLite file is opened. The defaults are the product's; the rest is for tests and tools.
package struct SQLiteOptions: Sendable {
    /// `PRAGMA synchronous`.
    package enum Synchronous: String, Sendable {
        /// Each commit is synced before it returns.
        case full = "FULL"
        /// Nothing is synced: the fault that the power-loss test must find.
        case off = "OFF"
    }

    package var synchronous: Synchronous
    /// A registered SQLite VFS, by name; nil is the platform's.
    package var vfs: String?
    /// Connections that read. Each costs a few file descriptors and a page cache of 2 MB.
    package var readersMax: Int
    /// How long to wait for a lock. Only tools can hold one: the server has a single writer.
    package var busyTimeoutSeconds: Double

    package init(
        synchronous: Synchronous = .full, vfs: String? = nil, readersMax: Int = 4,
        busyTimeoutSeconds: Double = 5
    ) {
        self.synchronous = synchronous
        self.vfs = vfs
        self.readersMax = readersMax
        self.busyTimeoutSeconds = busyTimeoutSeconds
    }
}
