import ArgumentParser
import Foundation
import Server

/// Which services people may sign in with.
struct ProviderOptions: ParsableArguments {
    @Option(
        name: .customLong("google-client-id"),
        help: "Turns sign-in with Google on, for tokens of this client. Repeat for several.")
    var google: [String] = []

    @Option(name: .customLong("apple-client-id"), help: "The same with Apple.")
    var apple: [String] = []

    @Option(
        name: .customLong("facebook-client-id"), help: "The same with Facebook's Limited Login.")
    var facebook: [String] = []

    @Option(help: "JSON file of providers of one's own; see Protocol/providers.md.")
    var providerFile: String?

    func configurations() throws -> [ProviderConfiguration] {
        let file = try providerFile.map { path in
            Array(try Data(contentsOf: URL(filePath: path)))
        }
        return try ProviderConfiguration.all(
            google: google, apple: apple, facebook: facebook, file: file)
    }
}
