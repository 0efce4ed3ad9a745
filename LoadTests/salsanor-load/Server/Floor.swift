import Glibc
import Transport

/// `floor`, the server and the load in C beside this binary (`LoadTests/floor`).
enum Floor {
    /// A load that has run: what it counted.
    struct Count {
        let count: Int
        let seconds: Double

        /// A line such as `messages 200 seconds 1.5`.
        init?(line: Substring) {
            let words = line.split(separator: " ")
            guard words.count == 4, let count = Int(words[1]), let seconds = Double(words[3])
            else { return nil }
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
        return try await load.count(bound: .seconds(900))
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

        /// The line that it prints when it has what it counts.
        func count(bound: Duration) async throws -> Count {
            let text = try await Watch.until(bound: bound) {
                TextFile.read(log).flatMap { $0.hasSuffix("\n") ? $0 : nil }
            }
            guard let line = text?.split(separator: "\n").last, let count = Count(line: line)
            else {
                throw ServerProcess.Failure(
                    description: "floor: \(text ?? "nothing within \(bound)")")
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
