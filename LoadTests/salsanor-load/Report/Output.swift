import Glibc
import Transport

/// Lines for people. Written at once, so that a pipe sees them when they happen.
enum Output {
    static func line(_ text: String) { StandardOutput.line(text) }

    /// Replaces the progress line before it, on a terminal.
    static func progress(_ text: String) {
        let isTerminal = isatty(STDERR_FILENO) == 1
        StandardOutput.write(
            isTerminal ? "\r\u{1B}[K\(text)" : text + "\n", to: STDERR_FILENO)
    }

    static func endProgress() {
        if isatty(STDERR_FILENO) == 1 { StandardOutput.write("\r\u{1B}[K", to: STDERR_FILENO) }
    }

    static func complain(_ text: String) { StandardOutput.errorLine("salsanor-load: \(text)") }

    /// Replaces the file; false when it cannot be written.
    static func write(_ text: String, toFile path: String) -> Bool {
        // SAFETY: the path is read during the call.
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return false }
        let isWritten = StandardOutput.write(text, to: descriptor)
        return close(descriptor) == 0 && isWritten
    }
}
