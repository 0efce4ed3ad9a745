import ArgumentParser

/// The command line of the product.
@main
struct Salsanor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "salsanor",
        abstract: "Salsa and merengue patterns, built together, live.",
        subcommands: [
            Serve.self, EditCommand.self, NewsCommand.self, SeedCommand.self, Echo.self,
            Admin.self,
        ])
}
