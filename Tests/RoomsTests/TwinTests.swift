import TestSupport
import Testing

/// The real room against the slow obvious twin of `Protocol/merge.md`.
@Suite struct TwinTests {
    @Test func `The room and its naive twin agree on random schedules`() throws {
        let count = TestEnvironment.integer("SALSANOR_SCHEDULES", default: 2_000)
        for seed in TestEnvironment.seeds(count: count) {
            if let difference = try MergeSchedule.run(seed: seed) {
                Issue.record(
                    """
                    seed \(seed): \(difference)
                    SALSANOR_SEED=\(seed) swift test --filter TwinTests
                    """)
                return
            }
        }
    }

    /// What the schedules cannot find, they do not prove.
    @Test(arguments: [
        (NaiveMerge.Fault.tiesByArrival, 300), (.ownEditsForgotten, 300), (.resendAppliedTwice, 50),
    ])
    func `A planted fault is found`(fault: NaiveMerge.Fault, scheduleCount: Int) throws {
        let found = try (1...UInt64(scheduleCount)).first {
            try MergeSchedule.run(seed: $0, fault: fault) != nil
        }
        #expect(found != nil, "\(fault) was not found in \(scheduleCount) schedules")
    }
}
