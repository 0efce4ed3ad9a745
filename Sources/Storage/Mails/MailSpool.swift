import Glibc

/// A folder of letters, for servers without a mail server. `Protocol/mail.md#on-its-way`.
package struct MailSpool: Sendable {
    /// Absolute. Made (mode 0700) if it is not there; its parent exists.
    package let path: String

    /// Why a letter could not be put there, in words.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package init(path: String) {
        self.path = path
    }

    /// Writes a file; when this returns it is on the disk, whole. The same name again replaces it.
    package func put(_ bytes: [UInt8], name: String) throws(Failure) {
        do throws(SystemError) {
            try FileDescriptor.makeDirectory(path)
            try FileDescriptor.replace(name, in: path, with: bytes)
        } catch {
            throw Failure(description: "\(path)/\(name): \(error.call): \(error.reason)")
        }
    }
}

extension FileDescriptor {
    /// Puts a file in the place of another, or of none: whoever reads sees one of them, whole, also
    /// after a power loss.
    static func replace(
        _ name: String, in folder: String, with bytes: [UInt8]
    ) throws(SystemError) {
        let temporary = "\(folder)/.\(name).new"
        let file = try open(temporary, O_WRONLY | O_CREAT | O_TRUNC)
        defer { file.close() }
        try file.write(bytes, at: 0)
        try file.sync()
        // SAFETY: reads both paths, which are NUL-terminated during the call.
        guard unsafe rename(temporary, "\(folder)/\(name)") == 0 else {
            throw SystemError("rename")
        }
        let directory = try open(folder, O_RDONLY | O_DIRECTORY)
        defer { directory.close() }
        try directory.sync()
    }
}
