import TestSupport
import Testing

@Suite struct SimulationTests {
    @Test
    func `Whatever happens to network, disk and clock, nothing acknowledged is lost or doubled`()
        throws
    {
        let count = TestEnvironment.integer("SALSANOR_SIMULATIONS", default: 32)
        var total = Simulation.Report()
        for seed in TestEnvironment.seeds(count: count) {
            do {
                let report = try Simulation.run(seed: seed)
                total.records += report.records
                total.reconnects += report.reconnects
                total.crashes += report.crashes
                total.failedCommits += report.failedCommits
                total.behind += report.behind
                total.refused += report.refused
                total.duplicates += report.duplicates
            } catch {
                Issue.record(
                    """
                    seed \(seed): \(error)
                    SALSANOR_SEED=\(seed) swift test --filter SimulationTests
                    """)
                return
            }
        }
        // A storm in which nothing went wrong proves nothing.
        if count >= 10, TestEnvironment.seed == nil {
            #expect(total.records > 10 * count)
            #expect(total.crashes > 0)
            #expect(total.failedCommits > 0)
            #expect(total.behind > 0)
            #expect(total.refused > 0)
            #expect(total.duplicates > 0)
            #expect(total.reconnects > 5 * count)
        }
    }

    @Test func `A seed replays exactly`() throws {
        let first = try Simulation.run(seed: 7)
        let second = try Simulation.run(seed: 7)
        #expect(first.records == second.records)
        #expect(first.reconnects == second.reconnects)
        #expect(first.behind == second.behind)
    }
}
