import Model

/// Kills a server with -9 at random moments, and starts it again on the same data and port.
struct Killer {
    let seed: UInt64
    private var random: SplitMix64

    /// - Parameter seed: nil for one that chance chooses.
    init(seed: UInt64?) {
        var generator = SystemRandomNumberGenerator()
        self.seed = seed ?? generator.next()
        random = SplitMix64(seed: self.seed)
    }

    /// Lets some milliseconds of the range pass.
    mutating func pass(_ range: ClosedRange<Int>) async throws {
        // Chance chooses the moment: that is what is tried, and no event stands for it.
        try await Task.sleep(for: .milliseconds(Int.random(in: range, using: &random)))
    }

    /// Nothing is waited for: the kill comes after some time of the load, and the start after some
    /// more, or at once.
    ///
    /// - Parameter start: starts a server on the port of the last one.
    mutating func kill(
        _ server: ServerProcess, afterMs loadMs: ClosedRange<Int>,
        start: (UInt16) async throws -> ServerProcess
    ) async throws -> ServerProcess {
        try await pass(loadMs)
        server.kill9()
        try await pass(0...200)
        return try await start(server.port)
    }
}
