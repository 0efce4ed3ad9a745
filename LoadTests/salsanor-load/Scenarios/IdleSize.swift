import ArgumentParser
import Glibc
import Transport

/// `salsanor-load idle`: what an open connection costs.
struct IdleSize: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "idle", abstract: "Memory of open connections, and how fast they open.",
        discussion: """
            Opens connections, some at a time (with TLS one after the other), and holds them; the \
            memory is the growth of the server's resident set. `salsanor serve` has a guest's \
            session on each, and its own limit on accepting. With TLS the floor is a bare loop \
            around OpenSSL.
            """)

    @Option(help: "Connections; with TLS a fifth of them.")
    var connections = 10_000

    @Option(help: "Threshold for the verdict: KiB of each plain connection.")
    var kibMax = 4.0

    func validate() throws {
        guard 100...20_000 ~= connections else {
            throw ValidationError("--connections is 100 to 20000")
        }
    }

    func run() async throws {
        try await Scenario.run { try await measure() }
    }

    private struct Size {
        let kib: Double
        let perSecond: Double
    }

    private func measure() async throws -> Int32 {
        let folder = try Scenario.folder()
        var verdict = Verdict()
        let own = ServerProcess.siblingPath
        Output.line("idle: \(Machine.shape)")
        Output.line("\(connections) connections, with TLS \(connections / 5)")
        let floor = try await Floor.serve(["echo"], folder: folder)
        let bottom = try await show(
            "floor, plain", floor, ["--connections", "\(connections)"], folder)
        let echo = try await ServerProcess.launch(
            [own, "echo", "--port", "0"], log: "\(folder)/echo.log")
        let plain = try await show(
            "salsanor echo, plain", echo, ["--connections", "\(connections)"], folder,
            beside: bottom)
        verdict.require(
            plain.kib <= kibMax, "\(plain.kib.short) KiB, allowed \(kibMax.short)")
        let serve = try await ServerProcess.start(folder: folder)
        try await show(
            "salsanor serve", serve, ["--connections", "\(connections)", "--sessions", "1"],
            folder, beside: bottom)
        let (certificate, key) = try await Self.makeCertificate(folder)
        let secure = ["--connections", "\(connections / 5)", "--tls", "1"]
        let bare = try await Floor.serve(
            ["hold", "--certificate", certificate, "--key", key], folder: folder)
        let least = try await show("OpenSSL alone", bare, secure, folder)
        let tls = try await ServerProcess.launch(
            [own, "echo", "--port", "0", "--tls-certificate", certificate, "--tls-key", key],
            log: "\(folder)/echo-tls.log")
        let most = try await show("salsanor echo, TLS", tls, secure, folder, beside: least)
        verdict.require(
            most.kib <= least.kib + kibMax,
            "TLS \(most.kib.short) KiB, allowed \((least.kib + kibMax).short)")
        Output.line(verdict.line("\(plain.kib.short) KiB plain, \(most.kib.short) KiB with TLS"))
        return verdict.outcome.exitCode
    }

    @discardableResult
    private func show(
        _ name: String, _ server: ServerProcess, _ arguments: [String], _ folder: String,
        beside floor: Size? = nil
    ) async throws -> Size {
        guard let before = ProcessUsage.of(server.processID) else {
            throw ServerProcess.Failure(description: "\(name) has ended")
        }
        let load = try Floor.start(
            ["idle", "--port", "\(server.port)"] + arguments, folder: folder)
        defer { load.end() }
        let count = try await load.count(of: "opened", bound: .seconds(120))
        // The server may still be at the last handshake: it holds more than it has accepted.
        let usage = try await Watch.until(bound: .seconds(10)) {
            ProcessUsage.of(server.processID).flatMap {
                $0.descriptors ?? 0 >= count.count ? $0 : nil
            }
        }
        guard let usage else {
            throw ServerProcess.Failure(description: "\(name) holds not all connections")
        }
        let size = Size(
            kib: Double(usage.residentBytes - before.residentBytes) / 1_024 / Double(count.count),
            perSecond: Double(count.count) / count.seconds)
        let each = (usage.cpuTime - before.cpuTime) / .microseconds(1) / Double(count.count)
        Output.line(
            "  \(name.padded(to: 22)) \(size.kib.short) KiB each, opened \(size.perSecond.short)/s"
                + (floor.map { " (\((size.perSecond / $0.perSecond).short) of the floor)" } ?? "")
                + ", \(each.short) µs of CPU each")
        return size
    }

    private static func makeCertificate(_ folder: String) async throws -> (String, String) {
        let (certificate, key) = ("\(folder)/certificate.pem", "\(folder)/key.pem")
        let id = try ServerProcess.spawn(
            [
                "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj", "/CN=localhost",
                "-keyout", key, "-out", certificate,
            ], output: "\(folder)/openssl.log")
        var status: Int32 = 0
        // SAFETY: writes one Int32 that lives through the call.
        _ = unsafe waitpid(id, &status, 0)
        guard status == 0 else {
            throw ServerProcess.Failure(
                description: "openssl made no certificate: "
                    + (TextFile.read("\(folder)/openssl.log") ?? ""))
        }
        return (certificate, key)
    }
}
