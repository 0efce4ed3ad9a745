import Model
import Synchronization

/// Connections of all shards together.
final class ConnectionCount: Sendable {
    private let count = Atomic<Int>(0)

    /// False at `Limits.connectionsMax`; nothing is counted then.
    func enter() -> Bool {
        guard count.wrappingAdd(1, ordering: .relaxed).newValue <= Limits.connectionsMax else {
            leave()
            return false
        }
        return true
    }

    func leave() {
        count.wrappingSubtract(1, ordering: .relaxed)
    }
}
