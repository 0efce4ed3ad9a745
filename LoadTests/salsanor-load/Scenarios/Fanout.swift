import ArgumentParser
import Model
import Transport

/// `salsanor-load fanout`: one author, many connected followers.
struct Fanout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What somebody does, to connected followers: latency and processor time.",
        discussion: """
            An author likes patterns at a pace; everybody who follows them has the feed open. \
            Latency is from the acknowledgement to the arrival at each follower. The floor, in C, \
            sends messages of the same size to as many sockets.
            """)

    @Option(help: "Connected followers.")
    var followers = 5_000

    @Option(help: "Activities per second.")
    var rate = 2.0

    @Option(help: "Length of the measured stretch.")
    var seconds = 10

    @Option(help: "Threshold for the verdict: p99 in milliseconds.")
    var p99Ms = 100.0

    @Option(help: "Threshold for the verdict: processor time of a delivery beside the floor's.")
    var ratio = 1.5

    @Option(help: "Event loops of the server.")
    var shards: Int?

    func validate() throws {
        guard 1...15_000 ~= followers, rate > 0, rate <= 20, 1...600 ~= seconds else {
            throw ValidationError(
                "--followers is 1 to 15000, --rate above 0 up to 20, --seconds 1 to 600")
        }
    }

    func run() async throws {
        try await Scenario.run { try await measure() }
    }

    private func measure() async throws -> Int32 {
        let folder = try Scenario.folder()
        let acts = max(1, Int(rate * Double(seconds)))
        let town = try FollowerTown(
            path: "\(folder)/data", followers: followers, patterns: acts)
        let server = try await ServerProcess.start(
            folder: folder, isFresh: false,
            extra: shards.map { ["--shards", "\($0)"] } ?? [])
        let crowd = try await FollowerCrowd(town, rate: rate, url: server.url)
        guard try await crowd.areLive(followers, bound: .seconds(60)) else {
            throw Harness.Failure(
                description: "not everybody is in: "
                    + (try await crowd.look { board, _ in board.failure } ?? "no reason given"))
        }
        let (before, ownBefore) = (ProcessUsage.of(server.processID), ProcessUsage.of())
        let started = EventLoop.now
        try await crowd.look { $1.act(times: acts, now: EventLoop.now) }
        let lacking = try await crowd.lacking(acts: acts, bound: .seconds(seconds + 30))
        let length = (EventLoop.now - started) / .seconds(1)
        let (after, ownAfter) = (ProcessUsage.of(server.processID), ProcessUsage.of())
        let seen = try await crowd.look { board, _ in
            (
                board.delivered, board.doubled, board.delivery, board.wholeWay, board.eventBytes,
                board.failure
            )
        }
        let (delivered, doubled, latency, wholeWay, bytes, failure) = seen
        try await crowd.close()
        await server.stop()
        guard let before, let after, let ownBefore, let ownAfter else { return 1 }
        let each = (after.cpuTime - before.cpuTime) / .microseconds(1) / Double(max(1, delivered))
        let least = try await floor(folder, bytes: bytes, messages: acts)
        let ownCores = (ownAfter.cpuTime - ownBefore.cpuTime) / .seconds(1) / length
        Output.line(
            """
            fanout: \(Machine.shape)
              \(followers) followers, \(rate.short) activities/s, \(seconds) s
              deliveries       \(delivered) of \(bytes) bytes
              latency          \(latency.text), from acknowledgement to arrival
                               \(wholeWay.text), from the author's call
              server CPU       \(each.short) µs per delivery
              floor            \(least.short) µs per delivery of as many bytes
              ratio            \((each / least).short)
              harness CPU      \(ownCores.short) cores
            """)
        var verdict = Verdict()
        verdict.ownUsage(cores: ownCores)
        verdict.require(failure == nil, failure ?? "")
        verdict.require(lacking == 0, "\(lacking) followers lack something")
        verdict.require(doubled == 0, "\(doubled) came twice")
        let late = latency.milliseconds(percentile: 99)
        verdict.require(late <= p99Ms, "p99 \(late.short) ms, wanted \(p99Ms.short)")
        verdict.require(
            each <= ratio * least,
            "\((each / least).short) of the floor's processor time, wanted \(ratio.short)")
        Output.line(verdict.line("p99 \(late.short) ms, \(each.short) µs per delivery"))
        return verdict.outcome.exitCode
    }

    /// Processor time of a plain broadcast, in microseconds per delivery.
    private func floor(_ folder: String, bytes: Int, messages: Int) async throws -> Double {
        let floor = try await Floor.serve(["broadcast"], folder: folder)
        let before = ProcessUsage.of(floor.processID)
        let count = try await Floor.run(
            [
                "fan", "--port", "\(floor.port)", "--connections", "\(followers)", "--bytes",
                "\(max(16, bytes))", "--messages", "\(messages)",
            ], folder: folder)
        defer { floor.kill9() }
        guard let before, let after = ProcessUsage.of(floor.processID) else { return .infinity }
        return (after.cpuTime - before.cpuTime) / .microseconds(1) / Double(max(1, count.count))
    }
}
