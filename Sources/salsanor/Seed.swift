import ArgumentParser
import Glibc
import Server
import Transport

/// `salsanor seed`: fills a data directory with believable data.
struct SeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed",
        abstract: "Fill an empty database with people and patterns, for trying out.",
        discussion: """
            small: 200 people, 500 patterns. large: 100,000 people, 200,000 patterns, 1 million \
            likes and as many follows, 300,000 comments; takes some minutes. The same seed on the \
            same day makes the same rows. Everybody signs in as seed-<number>@example.org with the \
            password salsa-seed: do not let other people reach such a server.
            """)

    @Option(help: "small or large.")
    var size = "small"

    @Option(help: "Data directory. Made if it is not there; no server may be using it.")
    var data = "salsanor-data"

    @Option(help: "Another number makes other people and patterns.")
    var seed: UInt64 = 1

    @Flag(help: "Add to a database that has users.")
    var force = false

    func validate() throws {
        guard SeedSize(rawValue: size) != nil else {
            throw ValidationError("--size takes small or large")
        }
    }

    func run() async throws {
        guard let size = SeedSize(rawValue: size) else { return }
        do {
            try Seed.run(
                path: absolute(data), size: size, seed: seed, force: force,
                report: { StandardOutput.line($0) })
        } catch {
            StandardOutput.errorLine("salsanor: \(error)")
            throw ExitCode.failure
        }
    }
}
