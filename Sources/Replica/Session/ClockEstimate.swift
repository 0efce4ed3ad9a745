/// How far the server's clock is from ours, from exchanges of which both ends are known.
///
/// The exchange with the shortest round trip has the least room for error (RFC 5905 §10, clock
/// filter); old ones are forgotten because clocks drift.
package struct ClockEstimate: Sendable {
    package static let samplesMax = 8

    private struct Sample {
        let roundTrip: Duration
        /// Server milliseconds since 1970, less our monotonic clock, in milliseconds.
        let offsetMs: Double
    }

    private var samples: [Sample] = []

    package init() {}

    /// - Parameter serverMs: the server's wall clock while it answered.
    package mutating func add(sentAt: Duration, receivedAt: Duration, serverMs: Int64) {
        let middle = sentAt + (receivedAt - sentAt) / 2
        samples.append(
            Sample(
                roundTrip: receivedAt - sentAt,
                offsetMs: Double(serverMs) - middle / .milliseconds(1)))
        if samples.count > Self.samplesMax { samples.removeFirst() }
    }

    /// The server's wall clock at a time of our monotonic clock; nil before the first exchange,
    /// and when the server named a time that no clock shows.
    package func serverTimeMs(at now: Duration) -> Int64? {
        samples.min { $0.roundTrip < $1.roundTrip }
            .flatMap { Int64(exactly: ($0.offsetMs + now / .milliseconds(1)).rounded()) }
    }
}
