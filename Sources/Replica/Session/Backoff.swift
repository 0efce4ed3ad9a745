import Model

/// When to try again: exponential with full jitter, so that clients which lost a server together
/// do not come back together; a delay that the server gave counts instead.
package struct Backoff: Sendable {
    package static let firstMs: Int64 = 100
    package static let maxMs: Int64 = 5_000

    private var attempt = 0
    private var random: SplitMix64

    package init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    package mutating func reset() {
        attempt = 0
    }

    package mutating func next() -> Duration {
        let ceiling = min(Self.maxMs, Self.firstMs << Int64(min(attempt, 20)))
        attempt += 1
        return .milliseconds(Int64.random(in: Self.firstMs / 2...ceiling, using: &random))
    }
}
