import ArgumentParser
import Client
import Model
import Transport

/// `salsanor-load likes`: how many likes a second are on the disk when they are acknowledged.
struct Likes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Likes per second, each acknowledged from disk.",
        discussion: """
            Closed loop: each of so many people, on a socket of their own, likes patterns and \
            takes it back, one call after the other. What people may write per second is limited, \
            so there are many. A server of this build runs on a fresh folder; when it has stopped, \
            the counters are compared with a recount.
            """)

    @Option(help: "People, each with a socket.")
    var connections = 256

    @Option(help: "Patterns that are liked.")
    var patterns = 100

    @Option(help: "Length of the measured stretch.")
    var seconds = 5

    @OptionGroup var load: LoadOptions

    @Option(help: "Threshold for the verdict: likes per second.")
    var perSecond = 2_000.0

    func validate() throws {
        guard 1...5_000 ~= connections, 1...10_000 ~= patterns, 1...600 ~= seconds else {
            throw ValidationError(
                "--connections is 1 to 5000, --patterns 1 to 10000, --seconds 1 to 600")
        }
    }

    func run() async throws {
        try await Scenario.run { try await measure() }
    }

    private func measure() async throws -> Int32 {
        let folder = try Scenario.folder()
        let disk = try await DiskFigures.measure(in: folder, addedMs: load.addSyncMs)
        let town = try LikerTown(path: "\(folder)/data", people: connections, patterns: patterns)
        let server = try await load.startServer(folder: folder, isFresh: false)
        let loop = try ClientLoop(label: "salsanor-load")
        let endpoint = try Endpoint(url: server.url)
        let crowd = await Side(on: loop) { driver in
            let board = Liker.Board()
            for (number, token) in town.tokens.enumerated() {
                _ = Liker(
                    board, number: number, token: token, patterns: town.patterns, to: endpoint,
                    on: driver, loop: loop, now: EventLoop.now)
            }
            return board
        }
        var verdict = Verdict()
        let areReady = try await Watch.until(bound: .seconds(60)) {
            try await crowd.look { $0.ready == connections ? true : nil }
        }
        guard areReady == true else {
            throw ServerProcess.Failure(
                description: "not everybody is in: "
                    + (try await crowd.look { $0.failure } ?? "no reason given"))
        }
        let (before, ownBefore) = (ProcessUsage.of(server.processID), ProcessUsage.of())
        try await crowd.look { $0.start(now: EventLoop.now) }
        let started = EventLoop.now
        // The measured stretch itself.
        try await Task.sleep(for: .seconds(seconds))
        let (count, latency, failure) = try await crowd.look { board in
            board.isRunning = false
            return (board.acknowledged, board.acknowledgement, board.failure)
        }
        let length = (EventLoop.now - started) / .seconds(1)
        let (after, ownAfter) = (ProcessUsage.of(server.processID), ProcessUsage.of())
        try await crowd.look { $0.close() }
        await server.stop()
        let miscounted = try LikerTown.miscounted(path: "\(folder)/data", patterns: town.patterns)
        let rate = Double(count) / length
        let used = before.flatMap { before in after.map { $0.cpuTime - before.cpuTime } }
        let own = ownBefore.flatMap { before in ownAfter.map { $0.cpuTime - before.cpuTime } }
        let ownCores = (own ?? .zero) / .seconds(1) / length
        Output.line(
            """
            likes: \(Machine.shape)
              \(connections) connections, \(patterns) patterns, \(seconds) s
              likes and unlikes        \(rate.short)/s (\(count))
              acknowledgement latency  \(latency.text)
              server CPU               \(used.map {
                  "\(($0 / .microseconds(1) / Double(max(1, count))).short) µs each"
              } ?? "unknown")
              disk sync of 4 KiB       \(disk.text)
              harness CPU              \(ownCores.short) cores
            """)
        verdict.ownUsage(cores: ownCores)
        verdict.require(failure == nil, failure ?? "")
        verdict.require(miscounted == 0, "\(miscounted) counters differ from a recount")
        verdict.require(
            rate >= perSecond, "\(rate.short) likes/s, wanted \(perSecond.short)")
        Output.line(verdict.line("\(rate.short) likes/s, \(latency.text)"))
        load.write([
            "scenario": "likes", "connections": .integer(Int64(connections)),
            "likesPerSecond": JSON(rate), "acknowledgement": latency.json,
            "diskSync": disk.json, "verdict": verdict.json,
        ])
        return verdict.outcome.exitCode
    }
}
