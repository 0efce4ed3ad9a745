import ArgumentParser
import Client
import Model
import Transport
import Wire

/// `salsanor-load reads`: how long each read takes on a database of some size.
struct Reads: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Latency of each method that reads, on a seeded database.",
        discussion: """
            Open loop: all reads together at a fixed rate, each kind in its turn, on sockets of \
            people who are signed in; every other list goes on with its next page. Without --data \
            a fresh folder is filled by "salsanor seed", which takes some minutes for large. The \
            people who read are added to the database.
            """)

    @Option(help: "What a fresh database is filled with: small or large.")
    var size = "large"

    @Option(help: "A data directory of \"salsanor seed\" to use instead of a fresh one.")
    var data: String?

    @Option(help: "Reads per second, all kinds together.")
    var perSecond = 200.0

    @Option(help: "Length of the measured stretch.")
    var seconds = 60

    @Option(help: "People who read, each with a socket.")
    var readers = 64

    @Option(help: "Asks only what begins with this, as \"discover text\"; all by default.")
    var only = ""

    @OptionGroup var load: LoadOptions

    @Option(help: "Threshold for the verdict: p99 of each list of discovery and search.")
    var p99Ms = 10.0

    func validate() throws {
        guard ["small", "large"].contains(size) else {
            throw ValidationError("--size takes small or large")
        }
        guard 1...5_000 ~= perSecond, 1...600 ~= seconds, 16...1_000 ~= readers else {
            throw ValidationError(
                "--per-second is 1 to 5000, --seconds 1 to 600, --readers 16 to 1000")
        }
    }

    func run() async throws {
        try await Scenario.run { try await measure() }
    }

    private func measure() async throws -> Int32 {
        let folder = try Scenario.folder()
        let path: String
        if let data { path = data } else { path = try await seed(into: folder) }
        let people = try ReaderTown(path: path, people: readers)
        let server = try await load.startServer(folder: folder, data: path, isFresh: false)
        let endpoint = try Endpoint(url: server.url)
        let questions = Question.all(try await town(of: server, token: people.tokens[0]))
            .filter { $0.name.hasPrefix(only) }
        guard !questions.isEmpty else {
            throw Harness.Failure(description: "no question begins with \"\(only)\"")
        }
        let loop = try ClientLoop(label: "salsanor-load")
        let tokens = people.tokens
        let rate = perSecond
        let run = await loop.perform {
            ReadRun(
                questions, tokens: tokens, rate: rate, to: endpoint, on: $0, loop: loop,
                now: EventLoop.now
            ).token
        }
        let ready = try await Watch.until(bound: .seconds(60)) {
            try await loop.look(run) { $0.ready == tokens.count ? true : nil }
        }
        guard ready == true else {
            throw Harness.Failure(description: "not everybody is in")
        }
        let (before, ownBefore) = (ProcessUsage.of(server.processID), ProcessUsage.of())
        let busyBefore = Machine.Usage.now()
        try await loop.look(run) { $0.start(now: EventLoop.now) }
        let started = EventLoop.now
        // The measured stretch itself.
        try await Task.sleep(for: .seconds(seconds))
        let length = (EventLoop.now - started) / .seconds(1)
        let (after, ownAfter) = (ProcessUsage.of(server.processID), ProcessUsage.of())
        let serverTime = time(before, after)
        let ownTime = time(ownBefore, ownAfter)
        let others = busyBefore.flatMap {
            Machine.othersCores(since: $0, own: serverTime + ownTime)
        }
        try await loop.look(run) { $0.stop() }
        let isDone = try await Watch.until(bound: .seconds(10)) {
            try await loop.look(run) { $0.waiting == 0 || $0.failure != nil ? true : nil }
        }
        let (figures, failure) = try await loop.look(run) { ($0.figures, $0.failure) }
        await loop.perform { ($0.member(run) as? ReadRun)?.close() }
        await server.stop()
        let ownCores = ownTime / .seconds(1) / length
        var verdict = Verdict()
        verdict.ownUsage(cores: ownCores)
        verdict.require(failure == nil, failure ?? "")
        verdict.require(isDone == true, "some got no answer")
        var worst = 0.0
        for (question, figure) in zip(questions, figures) where question.isBounded {
            let p99 = figure.latency.milliseconds(percentile: 99)
            worst = max(worst, p99)
            verdict.require(
                p99 <= p99Ms, "\(question.name) p99 \(p99.short) ms, wanted \(p99Ms.short)")
        }
        report(
            zip(questions, figures).map { ($0, $1) }, length: length,
            serverCores: serverTime / .seconds(1) / length, ownCores: ownCores, others: others)
        Output.line(verdict.line("slowest list or search p99 \(worst.short) ms"))
        load.write([
            "scenario": "reads", "perSecond": JSON(perSecond),
            "methods": .array(
                zip(questions, figures).map {
                    ["name": .string($0.name), "latency": $1.latency.json]
                }),
            "verdict": verdict.json,
        ])
        return verdict.outcome.exitCode
    }

    private func report(
        _ rows: [(Question, ReadRun.Figures)], length: Double, serverCores: Double,
        ownCores: Double, others: Double?
    ) {
        Output.line("reads: \(Machine.shape)")
        for (question, figure) in rows {
            let pages =
                figure.laterPages == 0 ? "" : " (\(figure.laterPages) of later pages)"
            Output.line(
                "  \(question.name.padded(to: 28)) \(figure.latency.count) asked"
                    + "\(pages.padded(to: 26)) \(figure.latency.text)")
        }
        Output.line(
            """
              offered                      \(perSecond.short)/s, \(length.short) s
              server CPU                   \(serverCores.short) cores
              harness CPU                  \(ownCores.short) cores
              others' CPU                  \(others.map(\.short) ?? "unknown") cores
            """)
    }

    private func time(_ before: ProcessUsage?, _ after: ProcessUsage?) -> Duration {
        before.flatMap { before in after.map { $0.cpuTime - before.cpuTime } } ?? .zero
    }

    /// Fills a fresh folder.
    private func seed(into folder: String) async throws -> String {
        let path = "\(folder)/data"
        let id = try ServerProcess.spawn(
            [ServerProcess.siblingPath, "seed", "--size", size, "--data", path],
            output: "\(folder)/seed.log")
        Children.add(id)
        guard try await ServerProcess.hasSucceeded(id, bound: .seconds(1_200)) else {
            throw Harness.Failure(
                description: "not seeded: \(TextFile.read("\(folder)/seed.log") ?? "")")
        }
        return path
    }

    /// What there is to ask about, as the server tells it.
    private func town(of server: ServerProcess, token: String) async throws -> Question.Town {
        let client = try SalsaClient(url: server.url)
        defer { client.close() }
        try await client.open(token: token)
        var patterns: [JSON] = []
        for sort in ["mostLiked", "newest"] {
            let found = try await client.call(
                .patternDiscover, ["sort": .string(sort), "limit": 100])
            patterns += found["patterns"]?.array ?? []
        }
        var comments: [JSON] = []
        for pattern in patterns.prefix(20) {
            guard let id = pattern["id"] else { continue }
            let found = try await client.call(.commentList, ["pattern": id, "limit": 5])
            comments += (found["comments"]?.array ?? []).compactMap { $0["id"] }
        }
        let (ids, people) = (
            patterns.compactMap { $0["id"] }, patterns.compactMap { $0["userId"] }
        )
        guard !ids.isEmpty, !people.isEmpty, !comments.isEmpty else {
            throw Harness.Failure(description: "nothing to read: was the directory seeded?")
        }
        return Question.Town(patterns: ids, people: people, comments: comments)
    }
}

extension ClientLoop {
    /// What `body` finds in a run that lives on this loop.
    fileprivate nonisolated func look<Value: Sendable>(
        _ run: LoopDriver.Token, _ body: @escaping @Sendable (ReadRun) -> Value
    ) async throws -> Value {
        let value = await perform { ($0.member(run) as? ReadRun).map(body) }
        guard let value else { throw Harness.Failure(description: "the run is over") }
        return value
    }
}
