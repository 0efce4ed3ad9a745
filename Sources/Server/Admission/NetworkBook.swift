import Model
import Transport

/// What is remembered of the networks that connect. `Protocol/limits.md#connections`.
struct NetworkBook {
    private struct Entry {
        var connections = 0
        var bucket: TokenBucket
        var usedAt: Duration
    }

    private static let sweptNetworksMin = 1_024

    private let rules: AdmissionRules
    private var entries: [ClientNetwork: Entry] = [:]
    /// Networks at which those that nobody uses any more are forgotten.
    private var sweepAt = Self.sweptNetworksMin

    init(rules: AdmissionRules) {
        self.rules = rules
    }

    var count: Int { entries.count }

    /// Counts a connection in, or says why not; nothing is counted then.
    mutating func enter(
        _ network: ClientNetwork, isNew: Bool, now: Duration
    ) -> Admission.Refusal? {
        if count >= sweepAt { sweep(now: now) }
        var entry =
            entries[network] ?? Entry(bucket: rules.connectsBucket(now: now), usedAt: now)
        entry.usedAt = now
        defer { entries[network] = entry }
        guard entry.connections < rules.connectionsPerNetwork else {
            return .tooMany(retryAfterSeconds: Limits.networkRetrySeconds)
        }
        if isNew, let waitMs = entry.bucket.take(now: now) {
            return .tooMany(retryAfterSeconds: Int(waitMs / 1_000) + 1)
        }
        entry.connections += 1
        return nil
    }

    mutating func leave(_ network: ClientNetwork) {
        entries[network]?.connections -= 1
    }

    /// Forgets who has no connection and whose bucket is full again. What is left was used within
    /// the time that a bucket takes to fill, so the rate of accepting bounds it.
    private mutating func sweep(now: Duration) {
        let filled = Duration.seconds(Limits.connectsBurstSeconds + 1)
        entries = entries.filter { _, entry in
            entry.connections > 0 || entry.usedAt + filled > now
        }
        sweepAt = max(Self.sweptNetworksMin, 2 * count)
    }
}
