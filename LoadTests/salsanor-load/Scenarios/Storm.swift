import ArgumentParser
import Model
import Transport

/// `salsanor-load storm`: everybody is dropped at once, and comes back.
struct Storm: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "All clients dropped at once: when all have resumed, and whether all is there.",
        discussion: """
            Followers with open feeds lose their sockets at the same moment, and come back as \
            clients do, while the author goes on. Each must end with every activity, once.
            """)

    @Option(help: "Clients.")
    var clients = 5_000

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

    private func measure() async throws -> Int32 {
        let folder = try Scenario.folder()
        let acts = 3 * Self.actsEach
        let town = try FollowerTown(path: "\(folder)/data", followers: clients, patterns: acts)
        let extra = shards.map { ["--shards", "\($0)"] } ?? []
        let server = try await ServerProcess.start(folder: folder, isFresh: false, extra: extra)
        let crowd = try await FollowerCrowd(town, rate: 5, url: server.url)
        guard try await crowd.areLive(clients, bound: .seconds(60)) else {
            throw Harness.Failure(description: "not everybody is in")
        }
        try await crowd.look { $1.act(times: Self.actsEach, now: EventLoop.now) }
        _ = try await crowd.lacking(acts: Self.actsEach, bound: .seconds(60))
        let started = EventLoop.now
        let ownBefore = ProcessUsage.of()
        try await crowd.look { board, author in
            board.dropAll()
            author.act(times: Self.actsEach, now: EventLoop.now)
        }
        // All are gone before they are back.
        _ = try await Watch.until(bound: .seconds(5)) {
            try await crowd.look { board, _ in board.live < clients ? true : nil }
        }
        let areBack = try await crowd.areLive(clients, bound: .seconds(60))
        let took = (EventLoop.now - started) / .seconds(1)
        let ownAfter = ProcessUsage.of()
        try await crowd.look { $1.act(times: Self.actsEach, now: EventLoop.now) }
        let lacking = try await crowd.lacking(acts: acts, bound: .seconds(60))
        let (doubled, unrecovered, failure) = try await crowd.look { board, _ in
            (board.doubled, board.unrecovered, board.failure)
        }
        try await crowd.close()
        await server.stop()
        let own = ownBefore.flatMap { before in ownAfter.map { $0.cpuTime - before.cpuTime } }
        let ownCores = (own ?? .zero) / .seconds(1) / took
        Output.line(
            """
            storm: \(Machine.shape)
              \(clients) clients dropped at once
              all resumed after  \(took.short) s
              lost               \(lacking) clients lack something
              doubled            \(doubled)
              not recovered      \(unrecovered)
              harness CPU        \(ownCores.short) cores
            """)
        var verdict = Verdict()
        verdict.ownUsage(cores: ownCores)
        verdict.require(failure == nil, failure ?? "")
        verdict.require(areBack && took <= within, "\(took.short) s, wanted \(within.short)")
        verdict.require(lacking == 0, "\(lacking) clients lack something")
        verdict.require(doubled == 0, "\(doubled) came twice")
        verdict.require(unrecovered == 0, "\(unrecovered) had to list again")
        Output.line(verdict.line("\(clients) clients back in \(took.short) s"))
        return verdict.outcome.exitCode
    }
}
