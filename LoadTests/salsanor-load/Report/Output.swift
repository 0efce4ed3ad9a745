import Glibc

/// Lines for people. Written at once, so that a pipe sees them when they happen.
enum Output {
    static func line(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    /// Replaces the progress line before it, on a terminal.
    static func progress(_ text: String) {
        let isTerminal = isatty(STDERR_FILENO) == 1
        write(isTerminal ? "\r\u{1B}[K\(text)" : text + "\n", to: STDERR_FILENO)
    }

    static func endProgress() {
        if isatty(STDERR_FILENO) == 1 { write("\r\u{1B}[K", to: STDERR_FILENO) }
    }

    static func complain(_ text: String) { write("salsanor-load: \(text)\n", to: STDERR_FILENO) }

    static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            // SAFETY: reads the slice's own bytes during the call.
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Replaces the file; false when it cannot be written.
    static func write(_ text: String, toFile path: String) -> Bool {
        // SAFETY: the path is read during the call.
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return false }
        write(text, to: descriptor)
        return close(descriptor) == 0
    }
}
