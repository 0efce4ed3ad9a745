import Model
import Synchronization
import Wire

/// How fast who may call what: a bucket for each user or network, and each class of methods. One
/// for all shards. `Protocol/limits.md#calls`.
final class CallRates: Sendable {
    enum Holder: Hashable, Sendable {
        case user(Identifier)
        case network(ClientNetwork)
    }

    /// Buckets of one class. Who is new at this many shares one with the others who are, until
    /// some of those that are remembered are full again.
    static let holdersMax = 65_536

    private struct Bucket {
        var bucket: TokenBucket
        var usedAt: Duration
    }

    private struct State {
        var buckets: [Holder: Bucket] = [:]
        var shared: TokenBucket
        /// Buckets at which those that are full again are forgotten.
        var sweepAt = CallRates.sweptHoldersMin
    }

    private static let sweptHoldersMin = 1_024

    private let read: Mutex<State>
    private let search: Mutex<State>
    private let write: Mutex<State>
    private let account: Mutex<State>

    init(now: Duration) {
        read = Self.table(.read, now: now)
        search = Self.table(.search, now: now)
        write = Self.table(.write, now: now)
        account = Self.table(.account, now: now)
    }

    private static func table(_ rate: RateClass, now: Duration) -> Mutex<State> {
        Mutex(State(shared: bucket(rate, now: now)))
    }

    private static func bucket(_ rate: RateClass, now: Duration) -> TokenBucket {
        TokenBucket(perSecond: rate.perSecond, burst: rate.burst, now: now)
    }

    /// Charges a call; or charges nothing and says in how many milliseconds it could be.
    func charge(_ rate: RateClass, _ holder: Holder, now: Duration) -> Int64? {
        switch rate {
        case .free: nil
        case .read: Self.charge(read, rate, holder, now: now)
        case .search: Self.charge(search, rate, holder, now: now)
        case .write: Self.charge(write, rate, holder, now: now)
        case .account: Self.charge(account, rate, holder, now: now)
        }
    }

    private static func charge(
        _ table: borrowing Mutex<State>, _ rate: RateClass, _ holder: Holder, now: Duration
    ) -> Int64? {
        table.withLock { state in
            if let index = state.buckets.index(forKey: holder) {
                state.buckets.values[index].usedAt = now
                return state.buckets.values[index].bucket.take(now: now)
            }
            if state.buckets.count >= state.sweepAt { sweep(&state, rate, now: now) }
            if state.buckets.count >= holdersMax { return state.shared.take(now: now) }
            var new = Bucket(bucket: bucket(rate, now: now), usedAt: now)
            let waitMs = new.bucket.take(now: now)
            state.buckets[holder] = new
            return waitMs
        }
    }

    /// Buckets of a class that are remembered; for the test of the bound.
    var readerCount: Int { read.withLock { $0.buckets.count } }

    private static func sweep(_ state: inout State, _ rate: RateClass, now: Duration) {
        let filled = Duration.seconds(rate.burst / rate.perSecond + 1)
        state.buckets = state.buckets.filter { $0.value.usedAt + filled > now }
        state.sweepAt = min(holdersMax, max(sweptHoldersMin, 2 * state.buckets.count))
    }
}
