import Model
import Synchronization
import Transport

/// Who may come in: how many connections in all and from one network, and how fast they come. One
/// for all loops of a server. `Protocol/limits.md#what-a-hostile-peer-costs`.
final class Admission: Sendable {
    enum Refusal: Error, Equatable {
        /// The server has no room for anybody.
        case full
        /// This network has too many connections, or makes them too fast.
        case tooMany(retryAfterSeconds: Int)
    }

    /// What is remembered of one network.
    private struct Network {
        var connections = 0
        var bucket: TokenBucket
        var usedAt: Duration
    }

    private struct State {
        var connections = 0
        var networks: [ClientNetwork: Network] = [:]
        /// Networks at which those that nobody uses any more are forgotten.
        var sweepAt = Admission.sweptNetworksMin
        var accepts: TokenBucket
    }

    private static let sweptNetworksMin = 1_024

    private let rules: AdmissionRules
    private let connectionsMax: Int
    private let state: Mutex<State>

    /// - Parameter descriptors: how many the process may have open. Some stay for the database and
    ///   for telling people that the server is full.
    init(rules: AdmissionRules, descriptors: Int, now: Duration) {
        self.rules = rules
        connectionsMax = min(
            Limits.connectionsMax, max(1, descriptors - Limits.descriptorsReserved))
        state = Mutex(
            State(
                accepts: TokenBucket(
                    perSecond: rules.acceptsPerSecond ?? Int(Int32.max),
                    burst: rules.acceptsBurst, now: now)))
    }

    /// After a round of accepting: how long the next one waits. Who comes meanwhile waits in the
    /// kernel's backlog, and nobody is turned away for it.
    func pauseAfter(accepting count: Int, now: Duration) -> Duration? {
        guard rules.acceptsPerSecond != nil, count > 0 else { return nil }
        return state.withLock { $0.accepts.spend(count, now: now).map { .milliseconds($0) } }
    }

    /// Counts a connection in, or says why not; nothing is counted then.
    func enter() -> Refusal? {
        state.withLock { state in
            guard state.connections < connectionsMax else { return .full }
            state.connections += 1
            return nil
        }
    }

    /// Counts a connection out.
    func leave() {
        state.withLock { $0.connections -= 1 }
    }

    /// Whether connections of this TCP peer are counted by its network, when they come.
    func counts(_ address: SocketAddress) -> Bool {
        if rules.proxies.trust(address) { return false }
        return rules.coversLoopback || !address.isLoopback
    }

    /// Counts a connection of a network in, or says why not; nothing is counted then.
    ///
    /// - Parameter isNew: false for a connection that was counted under another network before.
    func enter(_ network: ClientNetwork, isNew: Bool = true, now: Duration) -> Refusal? {
        state.withLock { state in
            if state.networks.count >= state.sweepAt { sweep(&state, now: now) }
            var entry =
                state.networks[network]
                ?? Network(
                    bucket: TokenBucket(
                        perSecond: rules.connectsPerSecond, burst: rules.connectsBurst, now: now),
                    usedAt: now)
            entry.usedAt = now
            defer { state.networks[network] = entry }
            guard entry.connections < rules.connectionsPerNetwork else {
                return .tooMany(retryAfterSeconds: Limits.networkRetrySeconds)
            }
            if isNew, let waitMs = entry.bucket.take(now: now) {
                return .tooMany(retryAfterSeconds: Int(waitMs / 1_000) + 1)
            }
            entry.connections += 1
            return nil
        }
    }

    func leave(_ network: ClientNetwork) {
        state.withLock { $0.networks[network]?.connections -= 1 }
    }

    /// Networks that are remembered; for the test of the bound.
    var networkCount: Int { state.withLock { $0.networks.count } }

    /// Forgets who has no connection and whose bucket is full again. What is left was used within
    /// the time that a bucket takes to fill, so the rate of accepting bounds it.
    private func sweep(_ state: inout State, now: Duration) {
        let filled = Duration.seconds(rules.connectsBurst / max(1, rules.connectsPerSecond) + 1)
        state.networks = state.networks.filter { _, network in
            network.connections > 0 || network.usedAt + filled > now
        }
        state.sweepAt = max(Self.sweptNetworksMin, 2 * state.networks.count)
    }
}
