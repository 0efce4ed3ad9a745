import Model

/// In which time clients that are sent away come back: `Protocol/notifications.md#storms`.
enum RestartSpread {
    /// - Parameter clients: how many are sent away, about.
    static func delaysMs(clients: Int) -> ClosedRange<Int64> {
        let needed = clients * 1_000 / Limits.resumesPerSecondMax
        let most = max(Limits.restartSpreadMs, Limits.restartSpreadMinMs + needed)
        return Int64(Limits.restartSpreadMinMs)...Int64(most)
    }
}
