import Social
import Testing

/// `Protocol/accounts.md#throttling`.
@Suite("Throttling") struct ThrottleRuleTests {
    private static let nowMs: Int64 = 1_790_000_000_000
    private static let rules: [ThrottleRule] = [
        .pair, .account, .network, .registration, .rename,
    ]

    @Test("Some failures are free, then the wait doubles up to the ceiling", arguments: rules)
    func curve(rule: ThrottleRule) {
        var count: Int64 = 0
        var delays: [Int64] = []
        for _ in 0..<40 {
            count = rule.adding(to: count, lastFailureMs: Self.nowMs, nowMs: Self.nowMs)
            delays.append(
                rule.delayMs(failures: count, lastFailureMs: Self.nowMs, nowMs: Self.nowMs))
        }
        let free = Int(rule.free)
        #expect(delays[..<free].allSatisfy { $0 == 0 })
        #expect(delays[free] == 1_000)
        #expect(delays[free + 1] == 2_000)
        #expect(delays.last == rule.delayMsMax)
        #expect(delays == delays.sorted())
    }

    @Test("A wait ends, and counts are forgiven with time", arguments: rules)
    func forgiving(rule: ThrottleRule) {
        let count = rule.free + 3
        func delay(afterMs: Int64) -> Int64 {
            rule.delayMs(
                failures: count, lastFailureMs: Self.nowMs, nowMs: Self.nowMs + afterMs)
        }
        #expect(delay(afterMs: 0) == 4_000)
        #expect(delay(afterMs: 1_500) == 2_500)
        #expect(delay(afterMs: 4_000) == 0)
        #expect(
            rule.failures(count, lastFailureMs: Self.nowMs, nowMs: Self.nowMs + 2 * rule.leakMs)
                == count - 2)
        #expect(
            rule.failures(
                count, lastFailureMs: Self.nowMs, nowMs: Self.nowMs + 1_000 * rule.leakMs) == 0)
    }

    @Test("A long attack is forgotten within the time that counts are kept", arguments: rules)
    func bounded(rule: ThrottleRule) {
        var count: Int64 = 0
        for _ in 0..<10_000 {
            count = rule.adding(to: count, lastFailureMs: Self.nowMs, nowMs: Self.nowMs)
        }
        let nextDay = Self.nowMs + 86_400_000
        #expect(rule.failures(count, lastFailureMs: Self.nowMs, nowMs: nextDay) == 0)
    }

    @Test("A clock that went back forgives nothing and makes no wait longer", arguments: rules)
    func clock(rule: ThrottleRule) {
        let before = Self.nowMs - 3_600_000
        let count = rule.free + 2
        #expect(rule.failures(count, lastFailureMs: Self.nowMs, nowMs: before) == count)
        #expect(rule.delayMs(failures: count, lastFailureMs: Self.nowMs, nowMs: before) == 2_000)
    }
}
