import ArgumentParser
import Transport

/// `salsanor-load echo`: the engine beside the floor.
struct EchoSpeed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo", abstract: "Echo throughput, beside a server in C in the same run.",
        discussion: """
            `salsanor echo` and the floor, an epoll server in C that makes the same system calls, \
            take turns under the same load, which is written in C too and compares every byte. \
            The ratio is that of each round's neighbours, and every second round goes backwards; \
            the verdict is on the middle one. Server and load share the processors, so the ratio \
            of the server's processor time for a message says more than that of the messages. A \
            run beside which others kept the machine busy is void.

            LoadTests/against/libwebsockets.c is a server to measure beside it; how to build it \
            stands in it. Any program will do that prints `listening on ws://127.0.0.1:<port>`.
            """)

    @Option(help: "Connections.")
    var connections = 100

    @Option(help: "Messages in flight on each connection.")
    var depth = 1

    @Option(parsing: .upToNextOption, help: "Bytes of a message; several to try each.")
    var bytes = [20, 1_024]

    @Option(help: "Turns of each server.")
    var rounds = 7

    @Option(help: "Length of a turn.")
    var seconds = 2

    @Option(help: "A program, one more server: started and measured too.")
    var against: String?

    @Option(help: "Threshold for the verdict: messages per second, of the floor's.")
    var ratio = 0.9

    func validate() throws {
        guard 1...10_000 ~= connections, 1...64 ~= depth, 1...100 ~= rounds, 1...60 ~= seconds,
            bytes.allSatisfy({ 1...60_000 ~= $0 })
        else {
            throw ValidationError(
                "--connections is 1 to 10000, --depth 1 to 64, --bytes 1 to 60000, --rounds 1 to "
                    + "100, --seconds 1 to 60")
        }
    }

    func run() async throws {
        try await Scenario.run { try await measure() }
    }

    private struct Turn {
        let perSecond: Double
        /// Of the server's processor time.
        let microseconds: Double?
    }

    private func measure() async throws -> Int32 {
        let folder = try Scenario.folder()
        let floor = try await Floor.serve(["echo"], folder: folder)
        let ours = try await ServerProcess.launch(
            [ServerProcess.siblingPath, "echo", "--port", "0"], log: "\(folder)/echo.log")
        var theirs: ServerProcess?
        if let against {
            theirs = try await ServerProcess.launch([against], log: "\(folder)/against.log")
        }
        let servers = [floor, ours, theirs].compactMap { $0?.processID }
        var verdict = Verdict()
        Output.line("echo: \(Machine.shape)")
        let (usage, used) = (Machine.Usage.now(), Self.used(by: servers))
        for size in bytes {
            var (floors, own, others): ([Turn], [Turn], [Turn]) = ([], [], [])
            for round in 1...rounds {
                Output.progress("\(size) bytes, round \(round) of \(rounds)")
                for step in round.isMultiple(of: 2) ? [2, 1, 0] : [0, 1, 2] {
                    switch (step, theirs) {
                    case (0, _): floors.append(try await turn(size, floor, folder))
                    case (1, _): own.append(try await turn(size, ours, folder))
                    case (_, let theirs?): others.append(try await turn(size, theirs, folder))
                    case (_, nil): break
                    }
                }
            }
            Output.endProgress()
            Output.line(
                "\(size) bytes, \(connections) connections, \(depth) in flight each, "
                    + "\(rounds) turns of \(seconds) s")
            show("floor", floors)
            show("salsanor", own)
            let ratios = compare("salsanor to floor", own, floors)
            if let against {
                show(String(against.split(separator: "/").last ?? "it"), others)
                _ = compare("salsanor to it", own, others)
            }
            verdict.require(
                ratios.median >= ratio,
                "\(size) bytes: \(ratios.median.short) of the floor, wanted \(ratio.short)")
        }
        if let usage {
            let own = Self.used(by: servers) - used
            verdict.othersUsage(cores: Machine.othersCores(since: usage, own: own) ?? 0)
        }
        await ours.stop()
        Output.line(verdict.line("at least \(ratio.short) of the floor"))
        return verdict.outcome.exitCode
    }

    /// Processor time of the servers, of all loads that have ended, and of this process.
    private static func used(by servers: [Int32]) -> Duration {
        let own = ProcessUsage.of()?.cpuTime ?? .zero
        return servers.compactMap { ProcessUsage.of($0)?.cpuTime }.reduce(own, +)
            + Machine.childrenTime()
    }

    private func compare(_ name: String, _ own: [Turn], _ others: [Turn]) -> Spread {
        let ratios = Spread(zip(own, others).map { $0.perSecond / $1.perSecond })
        var line = "  \(name.padded(to: 20)) \(ratios.text) of the messages"
        let times = zip(own, others).compactMap { own, other in
            other.microseconds.flatMap { other in own.microseconds.map { $0 / other } }
        }
        if !times.isEmpty { line += ", \(Spread(times).text) of the CPU" }
        Output.line(line)
        return ratios
    }

    private func turn(
        _ size: Int, _ server: ServerProcess, _ folder: String
    ) async throws -> Turn {
        let before = ProcessUsage.of(server.processID)
        let count = try await Floor.run(
            [
                "load", "--port", "\(server.port)", "--connections", "\(connections)", "--bytes",
                "\(size)", "--depth", "\(depth)", "--seconds", "\(seconds)",
            ], folder: folder)
        let after = ProcessUsage.of(server.processID)
        let used = before.flatMap { before in after.map { $0.cpuTime - before.cpuTime } }
        return Turn(
            perSecond: Double(count.count) / count.seconds,
            microseconds: used.map { $0 / .microseconds(1) / Double(count.count) })
    }

    private func show(_ name: String, _ turns: [Turn]) {
        let name = name.padded(to: 20)
        var line = "  \(name) \(Spread(turns.map(\.perSecond)).text) messages/s"
        let cpu = turns.compactMap(\.microseconds)
        if !cpu.isEmpty { line += ", \(Spread(cpu).text) µs of CPU each" }
        Output.line(line)
    }
}
