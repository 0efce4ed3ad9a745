import ArgumentParser
import Model
import Transport

/// `salsanor-load most`: how many people one room holds.
struct Most: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The most editors of one room within a bound on visibility.",
        discussion: """
            Runs short stretches of sliders, each on a fresh server and folder: doubles the \
            editors until one is not held, then bisects. Held means that visibility p99 is within \
            the bound, nothing is lost or unequal, and this program itself was not too busy. The \
            answer is the most that was held, and what gave in above it; when that was this \
            program, the server holds at least so many. Other work on the machine counts against \
            the answer; the disk is measured before each stretch, so that it can be told.
            """)

    @Option(help: "The bound.")
    var visibilityP99Ms = 50.0

    @Option(help: "Threshold for the verdict: so many must be held.")
    var atLeast = 1

    @Option(help: "Editors to begin with.")
    var from = 50

    @Option(help: "Length of each stretch.")
    var seconds = 6

    @Option(help: "Stretches at most.")
    var runs = 10

    @OptionGroup var load: LoadOptions

    /// Bisection ends when the two sides are this near, of the most held.
    private static let precision = 0.05
    /// Whole clients in the room: they compare documents.
    private static let fullEditors = 4

    func validate() throws {
        guard 1...Slider.editorsMax ~= from, 1...Slider.editorsMax ~= atLeast else {
            throw ValidationError("--from and --at-least are 1 to \(Slider.editorsMax)")
        }
        guard 1...3_600 ~= seconds, 1...100 ~= runs, visibilityP99Ms > 0 else {
            throw ValidationError(
                "--seconds is 1 to 3600, --runs 1 to 100, --visibility-p99-ms above 0")
        }
    }

    func run() async throws {
        try await Scenario.run { try await search() }
    }

    private struct Stretch {
        let editors: Int
        let disk: DiskFigures
        let figures: SliderTrial.Figures
        let verdict: Verdict

        var p99: Double { figures.latencies.visibility.milliseconds(percentile: 99) }
        var isHeld: Bool { verdict.outcome == .good }
        var line: String {
            let p50 = figures.latencies.visibility.milliseconds(percentile: 50)
            return "  \(editors) editors: visibility p50 \(p50.short) ms, p99 \(p99.short) ms; "
                + "\(usage): \(isHeld ? "held" : whatGaveIn)"
        }
        /// Who was how busy.
        var usage: String {
            let server = figures.serverCores.map { $0.short } ?? "unknown"
            return "server \(server) cores, harness \(figures.ownCores.short) cores, "
                + "disk sync p50 \(disk.p50Ms.short) ms, p99 \(disk.p99Ms.short) ms"
        }
        var whatGaveIn: String {
            if verdict.outcome == .void { return "the harness is too busy" }
            return verdict.failures.joined(separator: "; ")
        }
        var json: JSON {
            [
                "editors": .integer(Int64(editors)), "held": .bool(isHeld), "diskSync": disk.json,
                "visibility": figures.latencies.visibility.json,
                "acknowledgement": figures.latencies.acknowledgement.json,
                "serverCores": figures.serverCores.map { JSON($0) } ?? .null,
                "verdict": verdict.json,
            ]
        }
    }

    private func search() async throws -> Int32 {
        var line = "most: one room, \(load.rate) edits/s each, \(seconds) s a stretch, "
        line += "visibility p99 within \(visibilityP99Ms.short) ms"
        if load.addSyncMs > 0 {
            line += "; the server adds \(load.addSyncMs) ms to each sync of the disk"
        }
        Output.line(line)
        var stretches: [Stretch] = []
        var held: Stretch?
        var broken: Stretch?
        var next: Int? = from
        while let editors = next, stretches.count < runs {
            let stretch = try await measure(editors)
            Output.line(stretch.line)
            stretches.append(stretch)
            if stretch.isHeld { held = stretch } else { broken = stretch }
            next = Self.next(held: held?.editors, broken: broken?.editors)
        }
        return report(stretches, held, broken)
    }

    /// Nil when the answer is near enough.
    private static func next(held: Int?, broken: Int?) -> Int? {
        switch (held, broken) {
        case (let held?, nil):
            return held < Slider.editorsMax ? min(held * 2, Slider.editorsMax) : nil
        case (let held, let broken?):
            let low = held ?? 0
            let gap = max(1, Int(Double(low) * precision))
            return broken - low > gap ? low + (broken - low) / 2 : nil
        case (nil, nil): return nil
        }
    }

    private func measure(_ editors: Int) async throws -> Stretch {
        let folder = try Scenario.folder()
        let disk = try await DiskFigures.measure(in: folder, addedMs: load.addSyncMs)
        let server = try await load.startServer(folder: folder)
        let harness = try await Harness(
            url: server.url, email: DemoAccount.email, password: DemoAccount.password)
        let trial = SliderTrial(
            editors: editors, rate: load.rate, seconds: seconds, rooms: 1, full: Self.fullEditors)
        var (figures, verdict) = (SliderTrial.Figures(), Verdict())
        do {
            (figures, verdict) = try await trial.run(harness, processID: server.processID)
        } catch let failure as Harness.Failure {
            // They did not even come in: more than it holds.
            verdict.require(false, failure.description)
        }
        await server.stop()
        let p99 = figures.latencies.visibility.milliseconds(percentile: 99)
        verdict.require(
            p99 <= visibilityP99Ms,
            "visibility p99 ms \(p99.short), allowed \(visibilityP99Ms.short)")
        return Stretch(editors: editors, disk: disk, figures: figures, verdict: verdict)
    }

    private func report(_ stretches: [Stretch], _ held: Stretch?, _ broken: Stretch?) -> Int32 {
        let isVoid = broken?.verdict.outcome == .void
        let isEnough = (held?.editors ?? 0) >= atLeast
        let outcome: Verdict.Outcome = isEnough ? .good : isVoid ? .void : .bad
        let limit =
            broken.map { "at \($0.editors): \($0.whatGaveIn), with \($0.usage)" }
            ?? "no limit was met"
        load.write([
            "scenario": "most", "rate": JSON(load.rate), "seconds": .integer(Int64(seconds)),
            "visibilityP99Ms": JSON(visibilityP99Ms), "atLeast": .integer(Int64(atLeast)),
            "editors": .integer(Int64(held?.editors ?? 0)),
            "stretches": .array(stretches.map(\.json)), "limit": .string(limit),
            "outcome": .string(outcome.rawValue),
        ])
        if let held {
            let figures = held.figures
            Output.line(
                """
                most: \(held.editors) editors in one room
                  acknowledgement latency  \(figures.latencies.acknowledgement.text)
                  visibility latency       \(figures.latencies.visibility.text)
                  server CPU               \(figures.serverCores?.short ?? "unknown") cores
                  disk sync of 4 KiB       \(held.disk.text)
                  harness CPU              \(figures.ownCores.short) cores
                """)
        }
        let orMore = broken == nil || isVoid ? "at least " : ""
        Output.line(
            "verdict: \(outcome.rawValue): \(orMore)\(held?.editors ?? 0) editors at \(load.rate) "
                + "edits/s within \(visibilityP99Ms.short) ms; \(limit)")
        return outcome.exitCode
    }
}
