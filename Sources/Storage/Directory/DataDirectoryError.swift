/// Why a data directory cannot be used. The descriptions are for the person who starts the server.
package enum DataDirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path must be absolute.
    case notAbsolute(path: String)
    /// Something else has that name.
    case notADirectory(path: String)
    /// Neither made nor opened, or not writable, by the user that runs the server.
    case notWritable(path: String, reason: String)
    /// A server that runs holds it. `pid` is nil when its note cannot be read.
    case inUse(path: String, pid: Int32?)
    /// Another failure of the file system.
    case system(path: String, call: String, reason: String)

    package var description: String {
        switch self {
        case .notAbsolute(let path):
            "The data directory '\(path)' must be given as an absolute path."
        case .notADirectory(let path):
            "The data directory '\(path)' is not a directory. Move it away or choose another."
        case .notWritable(let path, let reason):
            """
            The data directory '\(path)' cannot be written (\(reason)). Give the user that runs \
            the server read and write permission, or choose another.
            """
        case .inUse(let path, let pid):
            """
            The data directory '\(path)' is in use by another server\
            \(pid.map { " (process \($0))" } ?? ""). Stop it first, or choose another directory.
            """
        case .system(let path, let call, let reason):
            "The data directory '\(path)' failed: \(call): \(reason)."
        }
    }
}
