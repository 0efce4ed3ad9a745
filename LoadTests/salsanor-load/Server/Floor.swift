import Glibc
import Transport

/// `floor`, the server and the load in C beside this binary (`LoadTests/floor`).
enum Floor {
    /// A load that has run: what it counted.
    struct Count {
        let what: Substring
        let count: Int
        let seconds: Double

        /// A line such as `messages 200 seconds 1.5`.
        init?(line: Substring) {
            let words = line.split(separator: " ")
            guard words.count == 4, let count = Int(words[1]), let seconds = Double(words[3])
            else { return nil }
            what = words[0]
            self.count = count
            self.seconds = seconds
        }
    }

    static func serve(_ mode: [String], folder: String) async throws -> ServerProcess {
        try await ServerProcess.launch(
            [ServerProcess.sibling("floor")] + mode, log: "\(folder)/floor-\(mode[0]).log")
    }

    /// Runs a load to its end.
    static func run(_ arguments: [String], folder: String) async throws -> Count {
        let load = try start(arguments, folder: folder)
        defer { load.end() }
        return try await load.count(of: "messages", bound: .seconds(900))
    }

    /// Processor time that a broadcast takes of the floor's server, in microseconds per delivery,
    /// once everybody is there.
    ///
    /// - Parameter paceMs: between two messages; what comes seldom costs more.
    static func fan(
        connections: Int, bytes: Int, messages: Int, paceMs: Int = 0, folder: String
    ) async throws -> Double {
        let floor = try await serve(["broadcast"], folder: folder)
        defer { floor.kill9() }
        let load = try start(
            [
                "fan", "--port", "\(floor.port)", "--connections", "\(connections)", "--bytes",
                "\(max(16, bytes))", "--messages", "\(messages)", "--pace-ms", "\(paceMs)",
            ], folder: folder)
        defer { load.end() }
        _ = try await load.count(of: "opened", bound: .seconds(60))
        let before = ProcessUsage.of(floor.processID)
        let count = try await load.count(of: "messages", bound: .seconds(900))
        guard let before, let after = ProcessUsage.of(floor.processID) else { return .infinity }
        return (after.cpuTime - before.cpuTime) / .microseconds(1) / Double(max(1, count.count))
    }

    /// Starts a load; the caller ends it.
    static func start(_ arguments: [String], folder: String) throws -> Load {
        let log = "\(folder)/load.log"
        let id = try ServerProcess.spawn([ServerProcess.sibling("floor")] + arguments, output: log)
        Children.add(id)
        return Load(processID: id, log: log)
    }

    struct Load {
        let processID: Int32
        let log: String

        /// The line that it prints when it has so many of these.
        func count(of what: String, bound: Duration) async throws -> Count {
            let count = try await Watch.until(bound: bound) {
                TextFile.read(log)?.split(separator: "\n").lazy.compactMap(Count.init)
                    .first { $0.what == what }
            }
            guard let count else {
                throw ServerProcess.Failure(
                    description: "floor: \(TextFile.read(log) ?? "nothing") within \(bound)")
            }
            return count
        }

        func end() {
            kill(processID, SIGKILL)
            _ = waitpid(processID, nil, 0)
            Children.remove(processID)
        }
    }
}
