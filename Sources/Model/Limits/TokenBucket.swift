/// So many per second, with a burst. Refills by the clock that is handed in.
package struct TokenBucket: Sendable {
    private let perSecond: Double
    private let burst: Double
    private var tokens: Double
    private var filledAt: Duration

    /// - Parameter initially: tokens at the beginning; the burst, if nothing else is said.
    package init(perSecond: Int, burst: Int, initially: Int? = nil, now: Duration) {
        self.perSecond = Double(perSecond)
        self.burst = Double(burst)
        tokens = Double(initially ?? burst)
        filledAt = now
    }

    /// Takes `count` tokens; or takes none and says in how many milliseconds they will be there.
    package mutating func take(_ count: Int = 1, now: Duration) -> Int64? {
        let seconds = (now - filledAt) / .seconds(1)
        tokens = min(burst, tokens + seconds * perSecond)
        filledAt = now
        guard tokens < Double(count) else {
            tokens -= Double(count)
            return nil
        }
        return Int64(((Double(count) - tokens) / perSecond * 1000).rounded(.up))
    }

    /// Takes `count` tokens also when there are fewer; then says in how many milliseconds the debt
    /// is paid. For work that is done in any case, and slows down what follows.
    package mutating func spend(_ count: Int, now: Duration) -> Int64? {
        if take(count, now: now) == nil { return nil }
        tokens -= Double(count)
        return Int64((-tokens / perSecond * 1000).rounded(.up))
    }
}
