import ArgumentParser
import Glibc
import Transport

/// `salsanor-load serve`: the server of this build, in the foreground.
struct ServeAlong: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Runs the salsanor binary beside this one.")

    @Option(help: "Port; 0 lets the system choose.")
    var port: UInt16 = 0

    @Option(help: "Data directory.")
    var data = "salsanor-data"

    func run() async throws {
        let arguments = [
            ServerProcess.siblingPath, "serve", "--port", "\(port)", "--data", data,
        ]
        // SAFETY: execv reads the texts; they are freed only when it failed.
        var texts = unsafe arguments.map { unsafe strdup($0) } + [nil]
        _ = unsafe execv(arguments[0], &texts)
        unsafe texts.forEach { unsafe free($0) }
        Output.complain("\(arguments[0]) cannot be started: build the product salsanor too")
        throw ExitCode(69)
    }
}
