import Glibc
import Synchronization
import Transport

/// Standard input and output as a person or a pipe sees them.
final class Terminal: Sendable {
    enum Colour: String {
        case green = "32"
        case yellow = "33"
        case red = "31"
        case dim = "2"
    }

    let isInteractive: Bool
    private let hasColour: Bool
    private let silenced = Mutex<termios?>(nil)
    private let promptShown = Mutex(false)

    init() {
        isInteractive = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        // SAFETY: the environment is not changed by this program.
        let isPlain = unsafe getenv("NO_COLOR") != nil
        hasColour = isatty(STDOUT_FILENO) == 1 && !isPlain
    }

    /// One line. Control characters of other people's text are not passed on to the terminal.
    func say(_ text: String, _ colour: Colour? = nil) {
        let clean = Self.clean(text)
        let line =
            if hasColour, let colour { "\u{1B}[\(colour.rawValue)m\(clean)\u{1B}[0m" } else {
                clean
            }
        promptShown.withLock { shown in
            // What was being typed stays in the terminal's own line buffer.
            let lead = shown ? "\r\u{1B}[K" : ""
            StandardOutput.write(lead + line + "\n" + (shown ? "> " : ""), to: STDOUT_FILENO)
        }
    }

    /// One line on standard error.
    func complain(_ text: String) {
        StandardOutput.write("salsanor: \(Self.clean(text))\n", to: STDERR_FILENO)
    }

    func prompt() {
        guard isInteractive else { return }
        promptShown.withLock { shown in
            shown = true
            StandardOutput.write("> ", to: STDOUT_FILENO)
        }
    }

    /// A line was typed, or the program ends.
    func promptAnswered() {
        promptShown.withLock { $0 = false }
    }

    /// Asks without echo; nil at the end of the input, or when nothing was typed.
    func askPassword(_ question: String) -> String? {
        StandardOutput.write(question, to: STDERR_FILENO)
        var settings = termios()
        // SAFETY: both calls read or write one struct that lives through them.
        if unsafe tcgetattr(STDIN_FILENO, &settings) == 0 {
            silenced.withLock { $0 = settings }
            settings.c_lflag &= ~tcflag_t(ECHO)
            _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
        }
        let line = readLine()
        restoreEcho()
        StandardOutput.write("\n", to: STDERR_FILENO)
        return line.flatMap { $0.isEmpty ? nil : $0 }
    }

    func restoreEcho() {
        silenced.withLock { saved in
            guard var settings = saved else { return }
            // SAFETY: reads one struct that lives through the call.
            _ = unsafe tcsetattr(STDIN_FILENO, TCSANOW, &settings)
            saved = nil
        }
    }

    private static func clean(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where scalar != "\n": clean.append(" ")
            // Bidirectional overrides could make a line read as another.
            case .format where (0x202A...0x202E).contains(scalar.value): break
            case .format where (0x2066...0x2069).contains(scalar.value): break
            default: clean.append(scalar)
            }
        }
        return String(clean)
    }
}

/// A password kept in a file rather than in the list of processes.
enum PasswordFile {
    static func firstLine(of path: String) -> String? {
        // SAFETY: the path is read during the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        // SAFETY: writes at most `count` bytes into the array's own storage.
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe read(descriptor, $0.baseAddress, $0.count)
        }
        guard count > 0 else { return nil }
        let line = bytes[..<count].prefix { $0 != 0x0A && $0 != 0x0D }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }
}
