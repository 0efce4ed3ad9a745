import ArgumentParser
import Model

/// What the scenarios of editors in rooms have in common.
struct LoadOptions: ParsableArguments {
    @Option(help: "Edits per second of each editor.")
    var rate = 30.0

    @Option(help: "Milliseconds added to each sync of the server's disk.")
    var addSyncMs = 0

    @Option(help: "Event loops of the servers that are started.")
    var shards: Int?

    @Option(help: "Write the figures to this file.")
    var json: String?

    func validate() throws {
        guard rate > 0, rate <= Double(Limits.editsPerSecondMax) else {
            throw ValidationError("--rate is above 0, up to \(Limits.editsPerSecondMax)")
        }
    }

    /// A server of this build with what was asked for.
    ///
    /// - Parameter data: its data directory; by default `data` in the folder.
    func startServer(
        port: UInt16 = 0, folder: String, data: String? = nil, isFresh: Bool = true
    ) async throws -> ServerProcess {
        var extra = ["--add-sync-ms", "\(addSyncMs)"]
        if let shards { extra += ["--shards", "\(shards)"] }
        return try await ServerProcess.start(
            port: port, folder: folder, data: data, isFresh: isFresh, extra: extra)
    }

    /// Writes the figures, if somebody wants them.
    func write(_ figures: JSON) {
        guard let json else { return }
        let text = String(decoding: figures.serialised(), as: UTF8.self)
        if !Output.write(text + "\n", toFile: json) { Output.complain("\(json) not written") }
    }
}
