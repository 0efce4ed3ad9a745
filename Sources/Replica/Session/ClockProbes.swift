/// When to ask the server for the time: often at first, because what can be played in time has to
/// wait for it, and seldom then. `Protocol/playing.md#clock`.
struct ClockProbes: Sendable {
    static let quickCount = 32
    static let quickInterval: Duration = .milliseconds(100)
    static let interval: Duration = .seconds(2)

    /// Only who plays needs it; heartbeats are enough for the others.
    private(set) var isWanted = false
    private(set) var dueAt: Duration?
    private var sentCount = 0

    /// - Parameter isOpen: whether questions can be asked now.
    mutating func want(isOpen: Bool, now: Duration) {
        guard !isWanted else { return }
        isWanted = true
        if isOpen { opened(now: now) }
    }

    mutating func opened(now: Duration) {
        sentCount = 0
        dueAt = isWanted ? now : nil
    }

    mutating func closed() { dueAt = nil }

    mutating func sent(now: Duration) {
        sentCount += 1
        dueAt = now + (sentCount < Self.quickCount ? Self.quickInterval : Self.interval)
    }
}
