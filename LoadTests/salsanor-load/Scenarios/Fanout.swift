import ArgumentParser
import Model
import Transport

/// `salsanor-load fanout`: one author, many connected followers.
struct Fanout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What somebody does, to connected followers: latency and processor time.",
        discussion: """
            An author likes patterns at a pace; everybody who follows them has the feed open. \
            Latency is judged from the author's call, and from its acknowledgement, to the \
            arrival at each follower; the author's socket is read by a thread of its own. What \
            arrives before the acknowledgement counts as nothing there. Processor time is the \
            server's, all of it, divided by the deliveries; the floor, in C, sends messages of \
            the same size to as many sockets, as often.
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
                    + (try await crowd.failure ?? "no reason given"))
        }
        let (before, ownBefore) = (ProcessUsage.of(server.processID), ProcessUsage.of())
        let (started, machine) = (EventLoop.now, Machine.Usage.now())
        try await crowd.act(times: acts)
        try await crowd.settle(acts: acts, bound: .seconds(seconds + 30))
        let length = (EventLoop.now - started) / .seconds(1)
        let (after, ownAfter) = (ProcessUsage.of(server.processID), ProcessUsage.of())
        let used = Self.used(before, after) + Self.used(ownBefore, ownAfter)
        let others = machine.flatMap { Machine.othersCores(since: $0, own: used) }
        let (delivered, books, times, bytes) = try await crowd.look { board in
            (board.delivered, board.books, board.times, board.eventBytes)
        }
        let failure = try await crowd.failure
        try await crowd.close()
        await server.stop()
        guard let before, let after, let ownBefore, let ownAfter else { return 1 }
        let judge = FanoutJudge(
            delivery: DeliveryJudge(acts: acts, books: books), times: times,
            each: (after.cpuTime - before.cpuTime) / .microseconds(1) / Double(max(1, delivered)),
            floor: try await Floor.fan(
                connections: followers, bytes: bytes, messages: acts,
                paceMs: Int(1_000 / rate), folder: folder), p99Ms: p99Ms, ratio: ratio)
        let ownCores = (ownAfter.cpuTime - ownBefore.cpuTime) / .seconds(1) / length
        Output.line(
            """
            fanout: \(Machine.shape)
              \(followers) followers, \(rate.short) activities/s, \(seconds) s
              deliveries       \(delivered) of \(bytes) bytes
              lost, doubled    \(judge.delivery.lost), \(judge.delivery.doubled)
              latency          \(times.sinceAnswer.text), from acknowledgement to arrival
                               \(times.sinceCall.text), from the author's call
              server CPU       \(judge.each.short) µs per delivery
              floor            \(judge.floor.short) µs per delivery of as many bytes
              ratio            \((judge.each / judge.floor).short)
              harness CPU      \(ownCores.short) cores
            """)
        var verdict = Verdict()
        verdict.ownUsage(cores: ownCores)
        if let others { verdict.othersUsage(cores: others) }
        verdict.require(failure == nil, failure ?? "")
        judge.judge(&verdict)
        let late = times.sinceCall.milliseconds(percentile: 99)
        Output.line(verdict.line("p99 \(late.short) ms, \(judge.each.short) µs per delivery"))
        return verdict.outcome.exitCode
    }

    private static func used(_ before: ProcessUsage?, _ after: ProcessUsage?) -> Duration {
        guard let before, let after else { return .zero }
        return after.cpuTime - before.cpuTime
    }
}
