import Glibc

/// A key of the server in a file of its own (mode 0600), outside the database: a copy of the
/// database gives no key away.
package enum KeyFile {
    package static let keyBytes = 32

    /// The key in the file, or a new one that is written there when there is none, or none of
    /// that size.
    ///
    /// - Parameter random: makes so many secure random bytes.
    package static func open(
        _ name: String, in folder: String, random: (Int) -> [UInt8]
    ) throws(DataDirectoryError) -> [UInt8] {
        do throws(SystemError) {
            let path = "\(folder)/\(name)"
            let file = try FileDescriptor.open(path, O_RDWR | O_CREAT)
            defer { file.close() }
            let found = try file.read(keyBytes + 1)
            if found.count == keyBytes { return found }
            let key = random(keyBytes)
            try FileDescriptor.replace(name, in: folder, with: key)
            return key
        } catch {
            throw .system(path: "\(folder)/\(name)", call: error.call, reason: error.reason)
        }
    }
}
