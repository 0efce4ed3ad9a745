import ArgumentParser
import Client
import Model
import Replica
import Transport

/// `salsanor-load crash`: kills the server under load, again and again.
struct Crash: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Kills the server with -9 at random moments under load, and compares.",
        discussion: """
            Every editor is a whole client with a slider of its own. After each kill the server \
            is started again on the same data, while the editors go on; then they rest until all \
            is settled, and the books are compared: no acknowledged edit lost, none applied \
            twice, all replicas equal.
            """)

    @Option(help: "How often.")
    var kills = 50

    @Option(help: "Editors, in one room.")
    var editors = 20

    @Option(help: "Seed of the random moments; one is chosen and printed if it is left out.")
    var seed: UInt64?

    @OptionGroup var load: LoadOptions

    /// From the restart until every editor is back and has nothing pending.
    private static let recoveryBound: Duration = .seconds(60)
    private static let loadMs: ClosedRange<Int> = 150...900

    func validate() throws {
        guard 1...Slider.fieldsMax ~= editors else {
            throw ValidationError("--editors is 1 to \(Slider.fieldsMax): a field for each")
        }
        guard 1...100_000 ~= kills else { throw ValidationError("--kills is 1 to 100000") }
    }

    func run() async throws {
        try await Scenario.run { try await killAndCompare() }
    }

    private func killAndCompare() async throws -> Int32 {
        var killer = Killer(seed: seed)
        let seed = killer.seed
        Output.line("crash: seed \(seed)")
        let folder = try Scenario.folder()
        let disk = try await DiskFigures.measure(in: folder, addedMs: load.addSyncMs)
        var server = try await load.startServer(folder: folder)
        let harness = try await Harness(
            url: server.url, email: DemoAccount.email, password: DemoAccount.password)
        let plan = LoadRun.Plan(
            endpoint: harness.endpoint, token: harness.token, rooms: try await harness.makeRooms(1),
            editorsPerRoom: editors, fullPerRoom: editors, rate: load.rate)
        let run = await harness.run(plan)
        var verdict = Verdict()
        let usage = ProcessUsage.of()
        let began = EventLoop.now
        var slowestRecovery: Duration = .zero
        guard try await settle(harness, run) != nil else {
            throw Harness.Failure(description: "the editors did not come in")
        }
        for kill in 1...kills {
            let now = EventLoop.now
            try await harness.with(run) { $0.start(at: now, until: nil) }
            // Edits are made while there is no server, too.
            var restarted = now
            server = try await killer.kill(server, afterMs: Self.loadMs) { port in
                restarted = EventLoop.now
                return try await load.startServer(port: port, folder: folder)
            }
            // The load goes on while the editors come back, to the end or not.
            try await killer.pass(0...300)
            try await harness.with(run) { $0.pause() }
            guard let settled = try await settle(harness, run) else {
                let end = try await harness.with(run) { $0.snapshot }
                verdict.require(
                    false,
                    "after kill \(kill) \(end.open) edits were not settled and "
                        + "\(end.editors - end.ready) editors not back")
                break
            }
            slowestRecovery = max(slowestRecovery, EventLoop.now - restarted)
            try await harness.judge(run, plan, &verdict)
            try await checkFields(harness, run, &verdict)
            Output.progress(
                "kill \(kill)/\(kills): \(settled.acknowledged) acknowledged, "
                    + "\(settled.lostAcknowledged) lost, \(settled.rejoins) joins, "
                    + "\(verdict.failures.isEmpty ? "equal" : "NOT EQUAL")")
            if !verdict.failures.isEmpty {
                verdict.require(false, "found after kill \(kill)")
                break
            }
        }
        Output.endProgress()
        let end = try await harness.with(run) { $0.snapshot }
        if let usage, let after = ProcessUsage.of() {
            verdict.ownUsage(cores: (after.cpuTime - usage.cpuTime) / (EventLoop.now - began))
        }
        judge(end, &verdict)
        try await harness.with(run) { $0.close() }
        await server.stop()
        return report(end, disk, verdict, seed: seed, slowestRecovery)
    }

    private func judge(_ end: LoadRun.Snapshot, _ verdict: inout Verdict) {
        verdict.require(
            end.lostAcknowledged == 0, "\(end.lostAcknowledged) acknowledged edits lost")
        verdict.require(end.refused == 0, "\(end.refused) refused (\(end.refusal ?? ""))")
        verdict.require(
            end.acknowledged == end.offered,
            "\(end.offered - end.acknowledged) of \(end.offered) edits not acknowledged")
        verdict.require(end.failure == nil, end.failure ?? "")
        verdict.require(end.acknowledged > 0, "no edit was acknowledged at all")
    }

    /// Everything that was made is settled, so each slider shows its editor's last edit.
    private func checkFields(
        _ harness: Harness, _ run: LoopDriver.Token, _ verdict: inout Verdict
    ) async throws {
        let wrong = try await harness.with(run) { run in
            run.editors.count { editor in
                let measure = editor.measure
                let last = Slider.value(editor: measure.number, edit: measure.made)
                return editor.confirmed?.int(at: measure.pointer) != last
            }
        }
        verdict.require(wrong == 0, "\(wrong) sliders do not show their last edit")
    }

    /// Until every editor is in its room and nothing is open.
    private func settle(
        _ harness: Harness, _ run: LoopDriver.Token
    ) async throws -> LoadRun.Snapshot? {
        try await harness.wait(
            run, bound: Self.recoveryBound,
            until: { $0.ready == $0.editors && $0.open == 0 && !$0.isRunning })
    }

    private func report(
        _ end: LoadRun.Snapshot, _ disk: DiskFigures, _ verdict: Verdict, seed: UInt64,
        _ recovery: Duration
    ) -> Int32 {
        let recoveryMs = recovery / .milliseconds(1)
        Output.line(
            """
            crash: \(kills) kills, \(editors) editors at \(load.rate) edits/s each, seed \(seed)
              edits made               \(end.offered)
              edits acknowledged       \(end.acknowledged)
              acknowledged and lost    \(end.lostAcknowledged)
              joins                    \(end.rejoins)
              slowest recovery         \(recoveryMs.short) ms from the restart until all was settled
              disk sync of 4 KiB       \(disk.text)
              harness CPU              \(verdict.ownCores.short) cores
            """)
        load.write([
            "scenario": "crash", "kills": .integer(Int64(kills)),
            "editors": .integer(Int64(editors)), "rate": JSON(load.rate), "seed": "\(seed)",
            "offered": .integer(Int64(end.offered)),
            "acknowledged": .integer(Int64(end.acknowledged)),
            "lost": .integer(Int64(end.lostAcknowledged)),
            "slowestRecoveryMs": JSON(recoveryMs), "diskSync": disk.json,
            "verdict": verdict.json,
        ])
        Output.line(
            verdict.line(
                "\(kills) kills, \(end.lostAcknowledged) of \(end.acknowledged) acknowledged edits "
                    + "lost"))
        return verdict.outcome.exitCode
    }
}
