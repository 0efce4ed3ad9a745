import ArgumentParser
import Client
import Model
import Transport

/// `salsanor-load broadcast`: one message to everybody in a room, beside the floor.
struct Broadcast: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Processor time of a delivery in a big room, beside a server in C.",
        discussion: """
            The floor sends one message of 200 bytes after the other to all members. `salsanor \
            serve` has a room of as many editors, of whom some change a field now and then, so \
            that a joined delta goes to all at the room's pace; its figure has in it the edits, \
            the merge, the commits and the acknowledgements.
            """)

    @Option(help: "Members.")
    var members = 1_000

    @Option(help: "Length of the measured stretch.")
    var seconds = 10

    func validate() throws {
        guard 2...Slider.editorsMax ~= members, 1...600 ~= seconds else {
            throw ValidationError(
                "--members is 2 to \(Slider.editorsMax), --seconds 1 to 600")
        }
    }

    func run() async throws {
        try await Scenario.run { try await measure() }
    }

    private func measure() async throws -> Int32 {
        let folder = try Scenario.folder()
        let least = try await Floor.fan(
            connections: members, bytes: 200, messages: 1_000, folder: folder)
        let server = try await ServerProcess.start(folder: folder)
        let harness = try await Harness(
            url: server.url, email: DemoAccount.email, password: DemoAccount.password)
        // Of the room, twenty edits a second.
        let trial = SliderTrial(
            editors: members, rate: 20 / Double(members), seconds: seconds, rooms: 1, full: 0)
        let (figures, verdict) = try await trial.run(harness, processID: server.processID)
        await server.stop()
        let during = figures.during
        let messages = during.messages - figures.before.messages
        let bytes = during.receivedBytes - figures.before.receivedBytes
        let used = (figures.serverCores ?? 0) * Double(seconds) * 1e6
        let each = used / Double(max(1, messages))
        Output.line(
            """
            broadcast: \(Machine.shape)
            \(members) members
              floor      \(least.short) µs of CPU per delivery of 200 bytes
              salsanor   \(each.short) µs of CPU per delivery of \(bytes / max(1, messages)) bytes
              ratio      \((each / least).short)
              deliveries \(messages) in \(seconds) s
            """)
        Output.line(verdict.line("\(each.short) µs per delivery"))
        return verdict.outcome.exitCode
    }
}
