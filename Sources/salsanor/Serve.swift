import ArgumentParser
import Glibc
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

    @Option(help: "Numeric address to listen on. Repeat for several.")
    var host: [String] = ["127.0.0.1"]

    @Option(help: "Port; 0 lets the system choose.")
    var port: UInt16 = 8080

    @Option(help: "Data directory. Made if it is not there.")
    var data = "salsanor-data"

    @Option(help: "Event loops.")
    var shards = 1

    @Option(help: "Where people reach the server: https://host[:port].")
    var publicURL: String?

    @Option(help: "Origin of pages that may connect, exactly. Repeat for several.")
    var origin: [String] = []

    @OptionGroup var certificate: CertificateOptions

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
        for host in host where SocketAddress(host: host, port: port) == nil {
            throw ValidationError("--host takes a numeric address such as 127.0.0.1 or ::1")
        }
    }

    func run() async throws {
        TerminationSignals.ignoreBrokenPipes()
        TerminationSignals.ignoreFileSizeLimits()
        var log = Logger(label: "salsanor", factory: { StreamLogHandler.standardError(label: $0) })
        log.logLevel = Logger.Level(rawValue: logLevel) ?? .notice
        let (mail, providers) = try outside()
        let configuration = ServerConfiguration(
            listen: host.compactMap { SocketAddress(host: $0, port: port) },
            dataPath: absolute(data), shards: shards, publicURL: publicURL, origins: origin,
            tls: certificate.files, compresses: !noCompression, admission: admission.rules,
            mail: mail, providers: providers, makesDemo: demo,
            addedSyncDelay: .milliseconds(addSyncMs))
        let signals = TerminationSignals()
        // The oldest: one that ends the server is not replaced by one that does not.
        let (arrivals, arrival) = AsyncStream.makeStream(
            of: TerminationSignals.Signal.self, bufferingPolicy: .bufferingOldest(16))
        await signals.start([.terminate, .interrupt, .hangUp]) { arrival.yield($0) }
        let server: SalsaServer
        do {
            server = try await SalsaServer.start(configuration, log: log)
        } catch {
            StandardOutput.errorLine("salsanor: \(error)")
            throw ExitCode.failure
        }
        announce(server)
        for await signal in arrivals {
            guard signal == .hangUp else { break }
            reload(server, log)
        }
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

    private func reload(_ server: SalsaServer, _ log: Logger) {
        guard !certificate.files.isEmpty else {
            log.notice("there is nothing to read again")
            return
        }
        do throws(TLSContextError) {
            try server.reloadCertificates()
            log.notice("the certificate was read again")
        } catch {
            log.error("the certificate stays as it was: \(error)")
        }
    }

    private func announce(_ server: SalsaServer) {
        for address in server.addresses {
            StandardOutput.line("listening on \(certificate.scheme)://\(address)")
        }
        guard let pattern = server.demoPattern else { return }
        let first = server.addresses[0]
        let isUsual = first.port == 8080 && certificate.files.isEmpty
        let url = isUsual ? "" : " --url \(certificate.scheme)://\(first)"
        StandardOutput.line("demo pattern \(pattern)")
        StandardOutput.line("try it in two terminals:")
        StandardOutput.line("    swift run -c release salsanor edit \(pattern) --as demo\(url)")
    }

    private func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        // SAFETY: getcwd allocates the text, which is copied and freed here.
        guard let current = unsafe getcwd(nil, 0) else { return "/" + path }
        defer { unsafe free(current) }
        return unsafe String(cString: current) + "/" + path
    }
}
