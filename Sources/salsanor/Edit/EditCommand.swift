import ArgumentParser
import Client
import Transport

/// `salsanor edit`: a live pattern at a prompt, or driven by a pipe.
struct EditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Opens a live pattern at a prompt.",
        discussion: """
            At the prompt, "help" lists what can be typed. Input may be a pipe: lines are then \
            taken one by one, and at the end the program waits until everything is saved.

            Exit status: 0 everything was saved; 64 wrong usage; 65 (pipes only) a line was not \
            understood or an edit was refused; 69 the server was not reached in time; 75 edits \
            were still not saved at the end; 77 not allowed: wrong password, or no such pattern.
            """)

    @Argument(help: "The pattern's id, a UUID.")
    var pattern: String

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Who you are: an e-mail address, or \"demo\" for the demo account.",
            valueName: "address"))
    var person: String?

    @Flag(help: "Listen without signing in; only to public patterns.")
    var guest = false

    @Option(help: ArgumentHelp("The server.", valueName: "ws://host:port"))
    var url = "ws://127.0.0.1:8080"

    @Option(help: ArgumentHelp("Read the password from this file's first line.", valueName: "file"))
    var passwordFile: String?

    @Option(help: "Seconds to wait for the server at the start, and for edits at the end.")
    var wait = 15

    func validate() throws {
        guard guest != (person != nil) else {
            throw ValidationError("Say who you are: --as demo, --as <address>, or --guest.")
        }
        guard 1...3_600 ~= wait else { throw ValidationError("--wait is 1 to 3600 seconds.") }
    }

    func run() async throws {
        let terminal = Terminal()
        let client: SalsaClient
        do throws(ClientError) {
            client = try SalsaClient(url: url)
        } catch {
            terminal.complain("\(error)")
            throw ExitCode(64)
        }
        let session = EditSession(
            client: client, terminal: terminal, waitSeconds: wait, url: url)
        let signals = TerminationSignals()
        await signals.start([.interrupt, .terminate]) { _ in
            terminal.restoreEcho()
            Task { await session.interrupted() }
        }
        let code = await session.run(
            pattern: pattern, credentials: try .of(person, passwordFile: passwordFile, terminal))
        await signals.stop()
        client.close()
        if code != 0 { throw ExitCode(code) }
    }
}
