import ArgumentParser
import Logging
import Model
import Server
import Transport

/// `salsanor serve`: runs the server until SIGTERM or SIGINT.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server.",
        discussion: """
            With TLS, SIGHUP reads certificate and key again; open connections go on. \
            Stops cleanly on SIGTERM and SIGINT: what was accepted is committed, clients are told \
            to come back, exit status 0. Exit status 1: it could not start.
            """)

    @OptionGroup var listen: ListenOptions

    @Option(help: "Data directory. Made if it is not there.")
    var data = "salsanor-data"

    @Option(help: "Event loops.")
    var shards = 1

    @Option(help: "Where people reach the server: https://host[:port].")
    var publicURL: String?

    @Option(help: "Origin of pages that may connect, exactly. Repeat for several.")
    var origin: [String] = []

    @Flag(help: "Decline permessage-deflate.")
    var noCompression = false

    @OptionGroup var admission: AdmissionOptions

    @OptionGroup var mail: MailOptions

    @OptionGroup var providers: ProviderOptions

    @Flag(
        help: "Make the demo account in an empty database although not only this machine listens.")
    var demo = false

    @Option(help: "debug, info, notice, warning, error.")
    var logLevel = "notice"

    @Option(help: "For trials: milliseconds added to each sync of the disk.")
    var addSyncMs: Int = 0

    func validate() throws {
        guard 1...64 ~= shards else { throw ValidationError("--shards takes 1 to 64") }
        guard 0...10_000 ~= addSyncMs else {
            throw ValidationError("--add-sync-ms takes 0 to 10000")
        }
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError("--log-level takes one of its names")
        }
        for origin in origin where WebOrigin(origin) == nil {
            throw ValidationError("--origin takes https://host[:port], not \(origin)")
        }
        if let publicURL, WebOrigin(url: publicURL) == nil {
            throw ValidationError("--public-url takes https://host[:port], not \(publicURL)")
        }
    }

    func run() async throws {
        TerminationSignals.ignoreBrokenPipes()
        TerminationSignals.ignoreFileSizeLimits()
        var log = Logger(label: "salsanor", factory: { StreamLogHandler.standardError(label: $0) })
        log.logLevel = Logger.Level(rawValue: logLevel) ?? .notice
        let (mail, providers) = try outside()
        let configuration = ServerConfiguration(
            listen: listen.addresses,
            dataPath: absolute(data), shards: shards, publicURL: publicURL, origins: origin,
            tls: listen.certificates, compresses: !noCompression, admission: admission.rules,
            mail: mail, providers: providers, makesDemo: demo,
            addedSyncDelay: .milliseconds(addSyncMs))
        let signals = TerminationSignals()
        // Each keeps one: a stop is a stop however often it is asked for, and files that are read
        // again once more hold what all signals before meant.
        let (stopRequests, stopRequest) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (hangUps, hangUp) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await signals.start([.terminate, .interrupt, .hangUp]) {
            if $0 == .hangUp { hangUp.yield() } else { stopRequest.yield() }
        }
        let server = try await listen.start(addresses: \.addresses) {
            try await SalsaServer.start(configuration, log: log)
        }
        invite(server)
        // A file system that hangs must not be waited for by a stop: nobody awaits this task.
        let (listen, reloadLog) = (listen, log)
        Task {
            for await _ in hangUps { await Self.reload(server, listen, reloadLog) }
        }
        for await _ in stopRequests { break }
        StandardOutput.line("stopping")
        await server.stop()
        await signals.stop()
    }

    /// What files say about mail and providers.
    private func outside() throws -> (MailConfiguration, [ProviderConfiguration]) {
        do {
            return (try mail.configuration(), try providers.configurations())
        } catch {
            StandardOutput.errorLine("salsanor: \(error)")
            throw ExitCode.failure
        }
    }

    private static func reload(
        _ server: SalsaServer, _ listen: ListenOptions, _ log: Logger
    ) async {
        guard !listen.certificates.isEmpty else {
            log.notice("there is nothing to read again")
            return
        }
        do throws(TLSContextError) {
            try await server.reloadCertificates()
            log.notice("the certificate was read again")
        } catch {
            log.error("the certificate stays as it was: \(error)")
        }
    }

    private func invite(_ server: SalsaServer) {
        let scheme = listen.certificates.isEmpty ? "http" : "https"
        let page = publicURL ?? "\(scheme)://\(server.addresses[0])"
        StandardOutput.line("open \(page) in a browser")
        guard let pattern = server.demoPattern else { return }
        let first = server.addresses[0]
        let isUsual = first.port == ListenOptions.usualPort && listen.certificates.isEmpty
        let url = isUsual ? "" : " --url \(listen.url(of: first))"
        StandardOutput.line("demo pattern \(pattern)")
        StandardOutput.line("try it in two terminals:")
        StandardOutput.line("    swift run -c release salsanor edit \(pattern) --as demo\(url)")
    }
}
