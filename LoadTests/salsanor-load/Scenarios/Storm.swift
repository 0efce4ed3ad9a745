import ArgumentParser
import Model
import Transport

/// `salsanor-load storm`: everybody is dropped at once, and comes back.
struct Storm: AsyncParsableCommand {
    /// What happens to the server.
    enum Restart: String, ExpressibleByArgument, CaseIterable {
        /// Nothing: only the sockets go.
        case none
        /// SIGTERM: it says `bye`, with a delay for each.
        case stop
        /// SIGKILL: nobody hears anything.
        case kill
    }

    static let configuration = CommandConfiguration(
        abstract: "All clients dropped at once: when all have resumed, and whether all is there.",
        discussion: """
            Followers with open feeds lose their sockets at the same moment, or their server, and \
            come back as clients do: after the delay that the server gave, else after their own \
            back-off. The author goes on meanwhile. Each must end with every activity, once. The \
            time is from the drop, or from when the server listens again.
            """)

    @Option(help: "Clients.")
    var clients = 5_000

    @Option(help: "What happens to the server: none, stop (SIGTERM) or kill (SIGKILL).")
    var restart = Restart.none

    @Option(help: "Threshold for the verdict: seconds until all have resumed.")
    var within = 10.0

    @Option(help: "Event loops of the server.")
    var shards: Int?

    func validate() throws {
        guard 1...15_000 ~= clients else { throw ValidationError("--clients is 1 to 15000") }
    }

    func run() async throws {
        try await Scenario.run { try await measure() }
    }

    /// Before the drop, during the storm, and after it.
    private static let actsEach = 10
    private static let bound: Duration = .seconds(60)

    private func measure() async throws -> Int32 {
        let folder = try Scenario.folder()
        let acts = 3 * Self.actsEach
        let town = try FollowerTown(path: "\(folder)/data", followers: clients, patterns: acts)
        var server = try await start(folder)
        let crowd = try await FollowerCrowd(town, rate: 5, url: server.url)
        guard try await crowd.areLive(clients, bound: Self.bound) else {
            throw Harness.Failure(description: "not everybody is in")
        }
        try await crowd.act(times: Self.actsEach)
        try await crowd.settle(acts: Self.actsEach, bound: Self.bound)
        let dropped = EventLoop.now
        let ownBefore = ProcessUsage.of()
        let port = server.port
        switch restart {
        case .none: try await crowd.look { $0.dropAll() }
        case .stop: await server.stop()
        case .kill: server.kill9()
        }
        let stopped = EventLoop.now
        if restart != .none { server = try await start(folder, port: port) }
        let listening = EventLoop.now
        try await crowd.act(times: Self.actsEach)
        let cpuBefore = ProcessUsage.of(server.processID)
        let areBack = try await crowd.areLive(clients, openings: 2, bound: Self.bound)
        let back = EventLoop.now
        let cpu = Self.used(from: cpuBefore, to: ProcessUsage.of(server.processID))
        let own = Self.used(from: ownBefore, to: ProcessUsage.of())
        try await crowd.act(times: Self.actsEach)
        try await crowd.settle(acts: acts, bound: Self.bound)
        let (books, failure) = (try await crowd.look(\.books), try await crowd.failure)
        try await crowd.close()
        await server.stop()
        let took = (back - (restart == .none ? dropped : listening)) / .seconds(1)
        let judge = StormJudge(
            delivery: DeliveryJudge(acts: acts, books: books), seconds: areBack ? took : nil,
            within: within)
        let ownCores = own / ((back - dropped) / .seconds(1))
        let each = cpu * 1e6 / Double(clients)
        Output.line(
            """
            storm: \(Machine.shape)
              \(clients) clients dropped at once\(restart == .none ? "" : ", server: \(restart)")
              server away        \(((listening - stopped) / .seconds(1)).short) s, after \
            \(((stopped - dropped) / .seconds(1)).short) s of stopping
              all resumed after  \(took.short) s
              server CPU         \(each.short) µs for each, handshake, session and stream
              lost, doubled      \(judge.delivery.lost), \(judge.delivery.doubled)
              not recovered      \(judge.delivery.broken)
              harness CPU        \(ownCores.short) cores
            """)
        var verdict = Verdict()
        verdict.ownUsage(cores: ownCores)
        verdict.require(failure == nil, failure ?? "")
        judge.judge(&verdict)
        Output.line(verdict.line("\(clients) clients back in \(took.short) s"))
        return verdict.outcome.exitCode
    }

    private func start(_ folder: String, port: UInt16 = 0) async throws -> ServerProcess {
        try await ServerProcess.start(
            port: port, folder: folder, isFresh: false,
            extra: shards.map { ["--shards", "\($0)"] } ?? [])
    }

    /// In seconds.
    private static func used(from before: ProcessUsage?, to after: ProcessUsage?) -> Double {
        guard let before, let after else { return 0 }
        return (after.cpuTime - before.cpuTime) / .seconds(1)
    }
}
