/// How failures slow down further attempts. `Protocol/accounts.md#throttling`.
///
/// A count leaks: each `leakMs` without a failure forgives one. Above `free` each failure doubles
/// the wait that begins with the last one, up to a ceiling; nobody is ever locked out for good.
package struct ThrottleRule: Hashable, Sendable {
    /// Failures that cost nothing: people mistype.
    package let free: Int64
    package let leakMs: Int64
    package let delayMsMax: Int64

    /// The wait after the first failure that is not free.
    package static let delayMsMin: Int64 = 1_000

    /// One account from one network: what a thief who tries passwords meets first.
    package static let pair = ThrottleRule(free: 5, leakMs: 600_000, delayMsMax: 300_000)
    /// One account from all networks it is not known at: many machines at work together. Low, so
    /// that they cannot keep its owner out.
    package static let account = ThrottleRule(free: 10, leakMs: 30_000, delayMsMax: 30_000)
    /// One network and all accounts that are not known there: one password tried on many.
    package static let network = ThrottleRule(free: 20, leakMs: 120_000, delayMsMax: 900_000)
    /// Registrations of one network, whether they succeed or find the address taken.
    package static let registration = ThrottleRule(free: 10, leakMs: 600_000, delayMsMax: 900_000)

    /// Letters with a link to one address: nobody's box is filled by another. They count whatever
    /// becomes of them. `Protocol/mail.md#letters`.
    package static let letters = ThrottleRule(free: 1, leakMs: 3_600_000, delayMsMax: 900_000)

    /// New names of one account: each is a long write for who has many patterns.
    package static let rename = ThrottleRule(free: 9, leakMs: 3_600_000, delayMsMax: 900_000)

    /// What is left of a count at `nowMs`. A clock that went back forgives nothing.
    package func failures(_ failures: Int64, lastFailureMs: Int64, nowMs: Int64) -> Int64 {
        max(0, failures - max(0, nowMs - lastFailureMs) / leakMs)
    }

    /// How long the next attempt must still wait; 0 for not at all.
    package func delayMs(failures: Int64, lastFailureMs: Int64, nowMs: Int64) -> Int64 {
        let left = self.failures(failures, lastFailureMs: lastFailureMs, nowMs: nowMs)
        guard left > free else { return 0 }
        let doublings = min(left - free - 1, Self.doublingsMax)
        let delay = min(delayMsMax, Self.delayMsMin << doublings)
        // A clock that went back must not make the wait longer than it was.
        return min(delay, max(0, lastFailureMs + delay - nowMs))
    }

    /// The count after one more failure: no higher than what the ceiling needs, or a long attack
    /// would take as long to be forgotten.
    package func adding(to failures: Int64, lastFailureMs: Int64, nowMs: Int64) -> Int64 {
        min(
            free + Self.doublingsMax + 1,
            self.failures(failures, lastFailureMs: lastFailureMs, nowMs: nowMs) + 1)
    }

    /// 1 s doubled so often passes the highest ceiling.
    private static let doublingsMax: Int64 = 10
}
