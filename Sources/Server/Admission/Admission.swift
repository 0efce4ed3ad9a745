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

    private struct State {
        var connections = 0
        var networks: NetworkBook
        var accepts: TokenBucket?
    }

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
            State(networks: NetworkBook(rules: rules), accepts: rules.acceptsBucket(now: now)))
    }

    /// After a round of accepting: how long the next one waits. Who comes meanwhile waits in the
    /// kernel's backlog, and nobody is turned away for it.
    func pauseAfter(accepting count: Int, now: Duration) -> Duration? {
        guard count > 0 else { return nil }
        return state.withLock { $0.accepts?.spend(count, now: now).map { .milliseconds($0) } }
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
        state.withLock { $0.networks.enter(network, isNew: isNew, now: now) }
    }

    func leave(_ network: ClientNetwork) {
        state.withLock { $0.networks.leave(network) }
    }
}
