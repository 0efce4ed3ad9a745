import Transport

/// Looks again and again at what tells nobody when it happens.
enum Watch {
    /// What the first look finds that is not nil; nil when `bound` is over without one.
    static func until<Found>(
        bound: Duration, every interval: Duration = .milliseconds(20),
        _ look: () async throws -> Found?
    ) async throws -> Found? {
        let deadline = EventLoop.now + bound
        while true {
            if let found = try await look() { return found }
            guard EventLoop.now < deadline else { return nil }
            // A child's output, its end, figures in procfs, and the sum over thousands of editors:
            // none of these can be waited for without a cost to what is measured.
            try await Task.sleep(for: interval)
        }
    }
}
