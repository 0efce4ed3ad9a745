import Glibc
import Synchronization

/// A call of the kernel that failed.
struct SystemError: Error {
    let call: String
    let code: Int32

    /// The system's words for the code.
    var reason: String {
        // SAFETY: strerror returns a NUL-terminated string that lives until this thread's next
        // call of it; it is copied at once.
        unsafe String(cString: strerror(code))
    }

    init(_ call: String) {
        self.call = call
        self.code = errno
    }
}

/// An open file, closed once: by `close`, or when the last reference goes.
final class FileDescriptor: Sendable {
    private static let closedMark: Int32 = -1
    private let descriptor: Atomic<Int32>

    private init(_ number: Int32) {
        descriptor = Atomic(number)
    }

    deinit { close() }

    /// Calls on a closed file fail with EBADF.
    private var number: Int32 { descriptor.load(ordering: .relaxed) }

    func close() {
        let number = descriptor.exchange(Self.closedMark, ordering: .acquiringAndReleasing)
        if number != Self.closedMark { Glibc.close(number) }
    }

    /// Opens a file; one that is created belongs to its owner alone (0600).
    static func open(_ path: String, _ flags: Int32) throws(SystemError) -> FileDescriptor {
        // SAFETY: reads the path, which is NUL-terminated during the call.
        let number = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw SystemError("open") }
        return FileDescriptor(number)
    }

    /// Makes a folder that belongs to its owner alone (0700); one that exists stays as it is.
    static func makeDirectory(_ path: String) throws(SystemError) {
        // SAFETY: reads the path, which is NUL-terminated during the call.
        guard unsafe mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        throw SystemError("mkdir")
    }

    /// Takes an flock(2) lock without waiting; false when another process, or another descriptor
    /// of this one, has it.
    func lockExclusively() throws(SystemError) -> Bool {
        if flock(number, LOCK_EX | LOCK_NB) == 0 { return true }
        if errno == EWOULDBLOCK { return false }
        throw SystemError("flock")
    }

    /// Gives the lock up for all copies of the descriptor: a process that was forked a moment ago
    /// has one until it executes its program.
    func unlock() { _ = flock(number, LOCK_UN) }

    func truncate() throws(SystemError) {
        guard ftruncate(number, 0) == 0 else { throw SystemError("ftruncate") }
    }

    /// Writes all bytes, as one call when the kernel takes them as one.
    func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes { buffer in
                // SAFETY: the buffer is valid during the call and as long as its count.
                unsafe pwrite(number, buffer.baseAddress, buffer.count, off_t(offset + written))
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError("pwrite")
            }
            written += count
        }
    }

    /// At most `count` bytes from the beginning.
    func read(_ count: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = unsafe bytes.withUnsafeMutableBytes { buffer in
            // SAFETY: the buffer is valid during the call and as long as its count.
            unsafe pread(number, buffer.baseAddress, buffer.count, 0)
        }
        guard read >= 0 else { throw SystemError("pread") }
        return Array(bytes.prefix(read))
    }

    func sync() throws(SystemError) {
        guard fsync(number) == 0 else { throw SystemError("fsync") }
    }
}
