import Client
import Transport

/// One stretch of people who drag sliders: its load, its figures, and what must hold of them
/// whatever the thresholds.
struct SliderTrial {
    /// From the last due edit until everybody has everything; later is lost.
    private static let drainBound: Duration = .seconds(20)
    private static let joinBound: Duration = .seconds(60)

    let editors: Int
    let rate: Double
    let seconds: Int
    let rooms: Int
    /// Of each room's editors, whole clients.
    let full: Int

    struct Figures {
        var before = LoadRun.Snapshot()
        var during = LoadRun.Snapshot()
        var end = LoadRun.Snapshot()
        var latencies = LoadRun.Latencies()
        var ownCores = 0.0
        var serverCores: Double?
        var serverResidentBytes: Int?
        /// CPU milliseconds of the server per 1,000 acknowledged edits.
        var serverMsPer1000: Double?
        var drained = false
    }

    /// - Parameter processID: the server's, for its CPU and memory.
    func run(_ harness: Harness, processID: Int32?) async throws -> (Figures, Verdict) {
        let plan = LoadRun.Plan(
            endpoint: harness.endpoint, token: harness.token,
            rooms: try await harness.makeRooms(rooms), editorsPerRoom: editors,
            fullPerRoom: min(editors, full), rate: rate)
        let run = await harness.run(plan)
        guard
            try await harness.wait(run, bound: Self.joinBound, until: { $0.ready == $0.editors })
                != nil
        else {
            let end = try await harness.with(run) { $0.snapshot }
            throw Harness.Failure(
                description: "only \(end.ready) of \(end.editors) editors came in: "
                    + (end.failure ?? "no reason was given"))
        }
        // The joins shall not be measured, and the server tells of them for a while after the last:
        // how often depends on its pace, so that there is no last message to wait for.
        try await Task.sleep(for: .milliseconds(1_000))
        let figures = try await load(harness, run, processID)
        let verdict = try await judge(harness, run, plan, figures)
        try await harness.with(run) { $0.close() }
        return (figures, verdict)
    }

    private func load(
        _ harness: Harness, _ run: LoopDriver.Token, _ processID: Int32?
    ) async throws -> Figures {
        var figures = Figures()
        let length = Duration.seconds(seconds)
        figures.before = try await harness.with(run) { $0.snapshot }
        let (own, server) = (ProcessUsage.of(), processID.flatMap { ProcessUsage.of($0) })
        let start = EventLoop.now
        try await harness.with(run) { $0.start(at: start, until: start + length) }
        var last = figures.before
        for second in 1...seconds {
            // Seconds are what is waited for: the load is offered by the clock, whatever happens.
            try await Task.sleep(for: start + .seconds(second) - EventLoop.now)
            let now = try await harness.with(run) { $0.snapshot }
            Output.progress(
                "\(second)/\(seconds) s: offered \(now.offered - last.offered)/s, acknowledged "
                    + "\(now.acknowledged - last.acknowledged)/s, refused \(now.refused), waiting "
                    + "\(now.open), deltas \(now.deltas - last.deltas)/s")
            last = now
        }
        let elapsed = EventLoop.now - start
        figures.during = last
        let (ownAfter, serverAfter) = (ProcessUsage.of(), processID.flatMap { ProcessUsage.of($0) })
        if let own, let ownAfter { figures.ownCores = (ownAfter.cpuTime - own.cpuTime) / elapsed }
        if let server, let serverAfter {
            let used = serverAfter.cpuTime - server.cpuTime
            figures.serverCores = used / elapsed
            figures.serverResidentBytes = serverAfter.residentBytes
            let thousands = Double(last.acknowledged - figures.before.acknowledged) / 1_000
            if thousands > 0 { figures.serverMsPer1000 = used / .milliseconds(1) / thousands }
        }
        figures.drained =
            try await harness.wait(
                run, bound: Self.drainBound, until: { $0.open == 0 && !$0.isRunning }) != nil
        // The last delta may still be on its way to others than its author; who does not get it
        // in time is judged.
        _ = try await harness.wait(run, bound: Self.drainBound, until: { $0.behind == 0 })
        figures.end = try await harness.with(run) { $0.snapshot }
        figures.latencies = try await harness.with(run) { $0.finishLatencies() }
        Output.endProgress()
        return figures
    }

    private func judge(
        _ harness: Harness, _ run: LoopDriver.Token, _ plan: LoadRun.Plan, _ figures: Figures
    ) async throws -> Verdict {
        var verdict = Verdict()
        let end = figures.end
        verdict.ownUsage(cores: figures.ownCores)
        verdict.require(
            figures.drained && end.acknowledged == end.offered,
            "\(end.offered - end.acknowledged) of \(end.offered) edits not acknowledged")
        verdict.require(end.refused == 0, "\(end.refused) refused (\(end.refusal ?? ""))")
        verdict.require(
            end.stale == 0, "\(end.stale) edits acknowledged and not shown by their field")
        verdict.require(
            end.lostConnections == 0, "\(end.lostConnections) connections lost")
        verdict.require(end.failure == nil, end.failure ?? "")
        let seen = figures.latencies.visibility.count
        let expected = UInt64(end.offered) * UInt64(editors)
        verdict.require(
            seen == expected, "\(seen) of \(expected) sights of an edit by a receiver")
        try await harness.judge(run, plan, &verdict)
        return verdict
    }
}
