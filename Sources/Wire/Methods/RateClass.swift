import Model

/// What a call costs: each class has a bucket of its own for each user, or for the network of a
/// guest. `Protocol/limits.md#calls`.
package enum RateClass: String, CaseIterable, Sendable {
    /// Counted elsewhere, or only as a message.
    case free
    case read
    /// Reads that look at many rows.
    case search
    case write
    /// Sign-in, registration and whatever sends mail; counted by network, whoever calls.
    case account

    package var perSecond: Int {
        switch self {
        case .free: .max
        case .read: Limits.readsPerSecondMax
        case .search: Limits.searchesPerSecondMax
        case .write: Limits.writesPerSecondMax
        case .account: Limits.accountCallsPerSecondMax
        }
    }

    package var burst: Int {
        switch self {
        case .free: .max
        case .read: Limits.readsBurstMax
        case .search: Limits.searchesBurstMax
        case .write: Limits.writesBurstMax
        case .account: Limits.accountCallsBurstMax
        }
    }
}
