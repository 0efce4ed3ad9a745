import ArgumentParser
import Transport

/// What every scenario does around its load.
enum Scenario {
    /// Runs `body`; servers and folders of this run are gone afterwards, also after Ctrl-C.
    static func run(_ body: () async throws -> Int32) async throws {
        TerminationSignals.ignoreBrokenPipes()
        Harness.raiseDescriptorLimit()
        let signals = TerminationSignals()
        await signals.start([.interrupt, .terminate]) { _ in
            Children.endAll()
            Output.endProgress()
            Exit.now(130)
        }
        let code: Int32
        do {
            code = try await body()
        } catch {
            Children.endAll()
            Output.endProgress()
            Output.complain("\(error)")
            throw ExitCode(69)
        }
        Children.endAll()
        if code != 0 { throw ExitCode(code) }
    }

    static func folder() throws -> String {
        guard let folder = Children.makeFolder() else {
            throw Harness.Failure(description: "no folder can be made in TMPDIR")
        }
        return folder
    }
}
