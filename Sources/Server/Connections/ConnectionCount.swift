import Model
import Synchronization

/// Connections of all shards together.
final class ConnectionCount: Sendable {
    private let max: Int
    private let count = Atomic<Int>(0)

    /// - Parameter descriptors: how many the process may have open. Some stay for the database and
    ///   for telling people that the server is full.
    init(descriptors: Int) {
        max = min(Limits.connectionsMax, descriptors - Limits.descriptorsReserved)
    }

    /// False when the server is full; nothing is counted then.
    func enter() -> Bool {
        guard count.wrappingAdd(1, ordering: .relaxed).newValue <= max else {
            leave()
            return false
        }
        return true
    }

    func leave() {
        count.wrappingSubtract(1, ordering: .relaxed)
    }
}
