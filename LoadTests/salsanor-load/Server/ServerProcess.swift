import Glibc
import Synchronization
import Transport

/// A `salsanor serve` of our own: started, killed by its process id, waited for.
final class ServerProcess: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// From the start to the printed address; a recovery of a long log included.
    static let startTimeout: Duration = .seconds(30)

    let processID: Int32
    let url: String
    let port: UInt16
    let demoPattern: String?
    private let isGone = Mutex(false)

    private init(processID: Int32, url: String, port: UInt16, demoPattern: String?) {
        self.processID = processID
        self.url = url
        self.port = port
        self.demoPattern = demoPattern
    }

    /// The binary beside this one.
    static var siblingPath: String { sibling("salsanor") }

    /// Another binary of this build.
    static func sibling(_ name: String) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        // SAFETY: writes at most `count - 1` bytes into the array's own storage.
        let count = unsafe buffer.withUnsafeMutableBufferPointer {
            unsafe readlink("/proc/self/exe", $0.baseAddress.unsafelyUnwrapped, $0.count - 1)
        }
        let own = String(
            decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let folder = own.lastIndex(of: "/").map { own[..<$0] } ?? "."
        return "\(folder)/\(name)"
    }

    /// Starts a server and waits for the address it prints.
    ///
    /// - Parameter isFresh: its data is new, and it makes the demo pattern.
    static func start(
        binary: String = siblingPath, port: UInt16 = 0, folder: String, data: String? = nil,
        isFresh: Bool = true, extra: [String] = []
    ) async throws -> ServerProcess {
        let arguments =
            [binary, "serve", "--port", "\(port)", "--data", data ?? "\(folder)/data"] + extra
        return try await launch(
            arguments, log: "\(folder)/server.log", printsDemo: port == 0 && isFresh)
    }

    /// Starts any server that prints `listening on <url>`, and waits for it.
    ///
    /// - Parameters:
    ///   - log: the file that gets what it prints.
    ///   - printsDemo: whether a line `demo pattern <id>` follows.
    static func launch(
        _ arguments: [String], log: String, printsDemo: Bool = false
    ) async throws -> ServerProcess {
        let id = try spawn(arguments, output: log)
        Children.add(id)
        // Often, because recoveries are timed from the start.
        let server = try await Watch.until(bound: startTimeout, every: .milliseconds(5)) {
            let text = TextFile.read(log) ?? ""
            if let server = listening(id, text, printsDemo: printsDemo) { return server }
            if hasEnded(id) {
                Children.remove(id)
                throw Failure(description: "the server ended at once: \(text)")
            }
            return nil
        }
        if let server { return server }
        kill(id, SIGKILL)
        _ = waitpid(id, nil, 0)
        Children.remove(id)
        throw Failure(description: "the server printed no address: \(TextFile.read(log) ?? "")")
    }

    /// The server that has printed all that is waited for.
    private static func listening(
        _ id: Int32, _ text: String, printsDemo: Bool
    ) -> ServerProcess? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let demo = lines.first { $0.hasPrefix("demo pattern ") }
        guard let address = lines.first(where: { $0.hasPrefix("listening on ") }),
            demo != nil || !printsDemo, let colon = address.lastIndex(of: ":"),
            let port = UInt16(address[address.index(after: colon)...])
        else { return nil }
        return ServerProcess(
            processID: id, url: String(address.dropFirst("listening on ".count)), port: port,
            demoPattern: demo.map { String($0.dropFirst("demo pattern ".count)) })
    }

    /// SIGKILL, and waits until the process is gone: its port and its lock are free then.
    func kill9() { end(SIGKILL) }

    /// SIGTERM, and SIGKILL if it takes longer than a clean stop may.
    func stop() async {
        guard !isGone.withLock({ $0 }) else { return }
        kill(processID, SIGTERM)
        let hasEnded = try? await Watch.until(bound: .seconds(15)) {
            Self.hasEnded(processID) ? true : nil
        }
        guard hasEnded == true else { return end(SIGKILL) }
        isGone.withLock { $0 = true }
        Children.remove(processID)
    }

    private func end(_ signal: Int32) {
        isGone.withLock { gone in
            guard !gone else { return }
            gone = true
            kill(processID, signal)
            _ = waitpid(processID, nil, 0)
            Children.remove(processID)
        }
    }

    /// Waits for another program's end; ends it when `bound` is over.
    static func hasSucceeded(_ id: Int32, bound: Duration) async throws -> Bool {
        let status = try await Watch.until(bound: bound) {
            var status: Int32 = 0
            // SAFETY: writes one integer that lives through the call.
            return unsafe waitpid(id, &status, WNOHANG) == id ? status : nil
        }
        if status == nil {
            kill(id, SIGKILL)
            _ = waitpid(id, nil, 0)
        }
        Children.remove(id)
        return status == 0
    }

    private static func hasEnded(_ id: Int32) -> Bool {
        waitpid(id, nil, WNOHANG) == id
    }

    static func spawn(_ arguments: [String], output: String) throws(Failure) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        // SAFETY: initialised here and destroyed below; the texts are copied by the calls.
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        let mode = O_WRONLY | O_CREAT | O_TRUNC
        unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, mode, 0o644)
        unsafe posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        var id: pid_t = 0
        // SAFETY: the copies live until the call has returned, and are freed then.
        var texts = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe texts.forEach { unsafe free($0) } }
        let status = unsafe posix_spawn(&id, arguments[0], &actions, nil, &texts, environ)
        guard status == 0 else {
            throw Failure(
                description: "\(arguments[0]) cannot be started (error \(status)): build the "
                    + "product salsanor too")
        }
        return id
    }
}

/// The processes and folders of this run, ended and removed also when it is interrupted.
enum Children {
    private static let state = Mutex<(ids: Set<Int32>, folders: Set<String>)>(([], []))

    static func add(_ id: Int32) { state.withLock { _ = $0.ids.insert(id) } }
    static func remove(_ id: Int32) { state.withLock { _ = $0.ids.remove(id) } }

    /// A fresh folder, removed at the end.
    static func makeFolder() -> String? {
        // SAFETY: the environment is not changed by this program.
        let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/salsanor-load.XXXXXX".utf8CString)
        // SAFETY: mkdtemp changes the six last characters of the array's own text.
        let made = unsafe template.withUnsafeMutableBufferPointer {
            unsafe mkdtemp($0.baseAddress.unsafelyUnwrapped) != nil
        }
        guard made else { return nil }
        let path = String(
            decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        state.withLock { _ = $0.folders.insert(path) }
        return path
    }

    static func endAll() {
        let (ids, folders) = state.withLock { state in
            defer { state = ([], []) }
            return state
        }
        for id in ids {
            kill(id, SIGKILL)
            _ = waitpid(id, nil, 0)
        }
        for folder in folders { removeTree(folder) }
    }

    /// Follows no links: an entry that cannot be removed as a file is a folder.
    private static func removeTree(_ path: String) {
        // SAFETY: texts are read during the calls; the stream is closed once, and each entry is
        // read before the next is asked for.
        if unsafe unlink(path) == 0 { return }
        if let folder = unsafe opendir(path) {
            defer { unsafe closedir(folder) }
            while let entry = unsafe readdir(folder) {
                let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != ".", name != ".." { removeTree("\(path)/\(name)") }
            }
        }
        _ = unsafe rmdir(path)
    }
}

enum TextFile {
    static func read(_ path: String) -> String? {
        // SAFETY: the path is read during the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        // SAFETY: writes at most `count` bytes into the array's own storage.
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
        }
        return count >= 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
