import ArgumentParser

/// The command line of the product.
@main
struct Salsanor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "salsanor",
        abstract: "Build salsa and merengue patterns together, live.",
        subcommands: [EditCommand.self])
}
