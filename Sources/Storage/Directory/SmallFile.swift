import Glibc

extension DataDirectory {
    /// A file of a few bytes beside the database, such as a key; nil when there is none.
    package func read(file name: String, bytesMax: Int) throws(DataDirectoryError) -> [UInt8]? {
        do throws(SystemError) {
            return try FileDescriptor.open(path + "/" + name, O_RDONLY).read(bytesMax)
        } catch {
            if error.code == ENOENT { return nil }
            throw Self.readable(error, path: path)
        }
    }

    /// Puts such a file in the place of the one before (mode 0600): whole or not at all, and on the
    /// disk when this returns.
    package func replace(file name: String, _ bytes: [UInt8]) throws(DataDirectoryError) {
        let (final, new) = (path + "/" + name, path + "/" + name + ".new")
        do throws(SystemError) {
            let file = try FileDescriptor.open(new, O_WRONLY | O_CREAT | O_TRUNC)
            try file.write(bytes, at: 0)
            try file.sync()
            // SAFETY: reads both paths, which are NUL-terminated during the call.
            guard unsafe rename(new, final) == 0 else { throw SystemError("rename") }
            try sync()
        } catch {
            throw Self.readable(error, path: path)
        }
    }
}
