import Model
import Social

/// When a provider's keys are fetched, and which of them are used.
/// `Protocol/providers.md#what-a-token-must-be`.
struct KeySetCache {
    /// A key set as it came.
    struct Fetched {
        let keys: KeySet
        let keptFor: Duration
    }

    enum Answer {
        case key(KeySet.Key)
        /// The provider has no such key.
        case unknown
        /// It cannot be told now.
        case unavailable(retryAfter: Duration)
    }

    private static let refetchInterval = Duration.seconds(Limits.keySetRefetchSeconds)
    private static let longest = Duration.seconds(Limits.keySetHoursMax * 3_600)

    private var keys: KeySet?
    private var fetchedAt: Duration = .zero
    private var freshUntil: Duration = .zero
    /// Nothing is fetched before, unless there is nothing fresh and the last fetch was good.
    private var nextFetch: Duration?

    /// - Parameter fetch: nil when it failed.
    mutating func find(_ id: String, now: Duration, fetch: () -> Fetched?) -> Answer {
        if now < freshUntil, let key = keys?.keys[id] { return .key(key) }
        if let nextFetch, now < nextFetch { return standing(id, now, mayCome: nextFetch - now) }
        // One for this key, or one that failed, is the last for a while. A set that is merely too
        // old was not asked for by a stranger's `kid`.
        let isFresh = now < freshUntil
        if let fetched = fetch() {
            keys = fetched.keys
            fetchedAt = now
            freshUntil = now + fetched.keptFor
            nextFetch = isFresh ? now + Self.refetchInterval : nil
            return keys?.keys[id].map { .key($0) } ?? .unknown
        }
        nextFetch = now + Self.refetchInterval
        return standing(id, now, mayCome: Self.refetchInterval)
    }

    /// What an older set says; a key that it does not have may be in the next.
    private func standing(_ id: String, _ now: Duration, mayCome: Duration) -> Answer {
        if let key = keys?.keys[id], now < fetchedAt + Self.longest { return .key(key) }
        return .unavailable(retryAfter: mayCome)
    }
}
