import Glibc

/// Standard output and standard error for lines that people and pipes read when they are written:
/// nothing is buffered. Blocks the caller, so not on an event loop.
package enum StandardOutput {
    /// A line on standard output.
    package static func line(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    /// A line on standard error.
    package static func errorLine(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// All of `text`, unless the descriptor fails. A descriptor that does not block is waited for.
    /// - Returns: whether all of it was written.
    @discardableResult
    package static func write(_ text: String, to descriptor: Int32) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            // SAFETY: reads the slice's own bytes during the call.
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                rest = rest.dropFirst(count)
                continue
            }
            let code = errno
            if count < 0, code == EINTR { continue }
            guard count < 0, code == EAGAIN, waitUntilWritable(descriptor) else { return false }
        }
        return true
    }

    private static func waitUntilWritable(_ descriptor: Int32) -> Bool {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        // SAFETY: reads and writes one struct that lives through the call.
        let count = unsafe poll(&wanted, 1, -1)
        return count > 0 || errno == EINTR
    }
}
