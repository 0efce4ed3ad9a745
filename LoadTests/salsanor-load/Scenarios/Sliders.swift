import ArgumentParser
import Client
import Model
import Transport

/// `salsanor-load sliders`: rooms of people who drag sliders.
struct Sliders: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Editors who drag sliders in rooms, at a fixed rate.",
        discussion: """
            Open loop: an edit is due by the clock, and every latency counts from then. \
            Acknowledged means that the author has heard that it is on disk. Visible means that a \
            receiver shows that value or a later one of that field; intermediate values are \
            merged, and the frames that were delivered are counted. Without --url a server of \
            this build runs on a fresh folder, which is removed afterwards.
            """)

    @Option(help: "Editors in each room.")
    var editors = 100

    @Option(help: "Length of the measured stretch.")
    var seconds = 20

    @Option(help: "Rooms, each with its own editors.")
    var rooms = 1

    @Option(help: "Of each room's editors, so many keep and compare whole documents.")
    var full: Int?

    @Option(help: ArgumentHelp("A server that runs already.", valueName: "ws://host:port"))
    var url: String?

    @Option(help: "The process id of that server, for its CPU and memory.")
    var serverPid: Int32?

    @OptionGroup var load: LoadOptions

    @Option(help: "Threshold for the verdict.")
    var visibilityP99Ms: Double?

    @Option(help: "Threshold for the verdict.")
    var ackP99Ms: Double?

    @Option(help: "Threshold for the verdict: cores used by the server.")
    var cpuCores: Double?

    @Option(help: "Threshold for the verdict: CPU milliseconds of the server per 1,000 edits.")
    var cpuMsPer1000: Double?

    func validate() throws {
        guard 1...Slider.editorsMax ~= editors else {
            throw ValidationError("--editors is 1 to \(Slider.editorsMax)")
        }
        guard 1...86_400 ~= seconds, 1...10_000 ~= rooms else {
            throw ValidationError("--seconds is 1 to 86400, --rooms 1 to 10000")
        }
        if let full, !(0...editors ~= full) { throw ValidationError("--full is 0 to --editors") }
        guard url != nil || serverPid == nil else {
            throw ValidationError("--server-pid belongs to --url")
        }
        if url != nil, serverPid == nil, cpuCores != nil || cpuMsPer1000 != nil {
            throw ValidationError("a CPU threshold for --url needs --server-pid")
        }
    }

    func run() async throws {
        try await Scenario.run { try await measure() }
    }

    private func measure() async throws -> Int32 {
        let folder = try Scenario.folder()
        let disk = try await DiskFigures.measure(
            in: folder, addedMs: url == nil ? load.addSyncMs : 0)
        var server: ServerProcess?
        if url == nil { server = try await load.startServer(folder: folder) }
        let harness = try await Harness(
            url: url ?? server?.url ?? "", email: DemoAccount.email,
            password: DemoAccount.password)
        let trial = SliderTrial(
            editors: editors, rate: load.rate, seconds: seconds, rooms: rooms,
            full: full ?? (rooms == 1 ? 4 : 1))
        var (figures, verdict) = try await trial.run(
            harness, processID: server?.processID ?? serverPid)
        bound(figures, &verdict)
        await server?.stop()
        return report(figures, disk, verdict)
    }

    private func bound(_ figures: SliderTrial.Figures, _ verdict: inout Verdict) {
        func bound(_ figure: Double?, _ limit: Double?, _ name: String) {
            guard let limit else { return }
            verdict.require(
                figure.map { $0 <= limit } ?? false,
                "\(name) \(figure?.short ?? "unknown"), allowed \(limit.short)")
        }
        let latencies = figures.latencies
        bound(
            latencies.visibility.milliseconds(percentile: 99), visibilityP99Ms, "visibility p99 ms")
        bound(latencies.acknowledgement.milliseconds(percentile: 99), ackP99Ms, "ack p99 ms")
        bound(figures.serverCores, cpuCores, "server cores")
        bound(figures.serverMsPer1000, cpuMsPer1000, "server CPU ms per 1,000 edits")
    }

    private func report(
        _ figures: SliderTrial.Figures, _ disk: DiskFigures, _ verdict: Verdict
    ) -> Int32 {
        let (before, during, end) = (figures.before, figures.during, figures.end)
        let length = Double(seconds)
        func perSecond(_ count: Int) -> Double { Double(count) / length }
        let offered = perSecond(during.offered - before.offered)
        let acknowledged = perSecond(during.acknowledged - before.acknowledged)
        let frames = perSecond(during.messages - before.messages)
        let deltas = perSecond(during.deltas - before.deltas)
        let inBytes = perSecond(during.receivedBytes - before.receivedBytes)
        let outBytes = perSecond(during.sentBytes - before.sentBytes)
        let latencies = figures.latencies
        let cores = figures.serverCores.map { "\($0.short) cores" } ?? "unknown"
        let perThousand = figures.serverMsPer1000.map { "\($0.short) ms" } ?? "unknown"
        let memory = figures.serverResidentBytes.map { "\($0 >> 20) MiB" } ?? "unknown"
        Output.line(
            """
            sliders: \(rooms) rooms of \(editors) editors, \(load.rate) edits/s each, \(seconds) s
              edits offered            \(offered.short)/s (\(end.offered))
              edits acknowledged       \(acknowledged.short)/s (\(end.acknowledged))
              edits refused            \(end.refused)
              acknowledgement latency  \(latencies.acknowledgement.text)
              visibility latency       \(latencies.visibility.text)
              sights of an edit        \(latencies.visibility.count)
              asked to send again      \(end.retries)
              frames delivered         \(frames.short)/s (\(end.messages))
              deltas among them        \(deltas.short)/s
              received by clients      \((inBytes / 1e6).short) MB/s
              sent by clients          \((outBytes / 1e6).short) MB/s
              server CPU               \(cores), \(perThousand) per 1,000 edits
              server memory            \(memory)
              disk sync of 4 KiB       \(disk.text)
              harness CPU              \(figures.ownCores.short) cores
            """)
        var object: JSON.Object = [
            "scenario": "sliders", "rooms": .integer(Int64(rooms)),
            "editors": .integer(Int64(editors)), "rate": JSON(load.rate),
            "seconds": .integer(Int64(seconds)), "offeredPerSecond": JSON(offered),
            "acknowledgedPerSecond": JSON(acknowledged),
            "offered": .integer(Int64(end.offered)),
            "acknowledged": .integer(Int64(end.acknowledged)),
            "refused": .integer(Int64(end.refused)),
            "retries": .integer(Int64(end.retries)), "diskSync": disk.json,
            "acknowledgement": latencies.acknowledgement.json,
            "visibility": latencies.visibility.json,
            "framesPerSecond": JSON(frames), "deltasPerSecond": JSON(deltas),
            "receivedBytesPerSecond": JSON(inBytes), "sentBytesPerSecond": JSON(outBytes),
        ]
        if let cores = figures.serverCores { object["serverCores"] = JSON(cores) }
        if let cost = figures.serverMsPer1000 { object["serverCpuMsPer1000"] = JSON(cost) }
        if let bytes = figures.serverResidentBytes {
            object["serverResidentBytes"] = .integer(Int64(bytes))
        }
        object["verdict"] = verdict.json
        load.write(.object(object))
        let p99 = latencies.visibility.milliseconds(percentile: 99)
        Output.line(
            verdict.line(
                "visibility p99 \(p99.short) ms, server \(cores), "
                    + "\(end.acknowledged) of \(end.offered) edits acknowledged"))
        return verdict.outcome.exitCode
    }
}
