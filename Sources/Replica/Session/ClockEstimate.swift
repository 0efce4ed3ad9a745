/// The server's clock by our monotonic one, from exchanges of four times.
/// `Protocol/playing.md#clock`.
///
/// The server cannot have received before we sent, nor answered after we received: each probe
/// bounds the offset from both sides, whatever the delays were. What all probes together leave is
/// as narrow as the shortest way there and the shortest way back, which need not be of one probe;
/// the estimate is its middle (Marzullo; Paxson, "On calibrating measurements of packet transit
/// times", 1998).
package struct ClockEstimate: Sendable {
    package static let probesMax = 128
    /// No quartz is worse.
    private static let driftMax = 200e-6
    /// Between the middles of the older and the newer half, before drift can be told from jitter.
    private static let driftSpan: Duration = .seconds(60)
    private static let driftProbesMin = 16
    /// Bounds that contradict each other by more mean that a clock was set.
    private static let stepMs = 2.0

    private struct Probe {
        let sentAt: Duration
        let receivedAt: Duration
        /// Bounds of server milliseconds since 1970 less our monotonic clock's milliseconds.
        let lowerMs: Double
        let upperMs: Double
    }

    private struct Bounds {
        var lowerMs = -Double.infinity
        var upperMs = Double.infinity
        var middleMs: Double { (lowerMs + upperMs) / 2 }
    }

    private var probes: [Probe] = []
    /// What the server said before anything was measured.
    private var firstOffsetMs: Double?
    private var drift = 0.0
    private var measuredAt: Duration = .zero
    private var measured = Bounds()

    package init() {}

    package var probeCount: Int { probes.count }

    /// - Parameters:
    ///   - receivedMs: the server's clock when the question came.
    ///   - answeredMs: when its answer left.
    package mutating func add(
        sentAt: Duration, receivedMs: Int64, answeredMs: Int64, receivedAt: Duration
    ) {
        // Whole milliseconds of the server are cut off: what it received at n, it received
        // before n + 1.
        let probe = Probe(
            sentAt: sentAt, receivedAt: receivedAt,
            lowerMs: Double(answeredMs) - receivedAt.milliseconds,
            upperMs: Double(receivedMs) + 1 - sentAt.milliseconds)
        guard sentAt <= receivedAt, probe.lowerMs <= probe.upperMs else { return }
        if let first = probes.first {
            let known = bounds(of: probes[...], at: receivedAt, drift: drift)
            let slackMs =
                Self.stepMs + Self.driftMax * (receivedAt - first.receivedAt).milliseconds
            if probe.lowerMs > known.upperMs + slackMs || probe.upperMs < known.lowerMs - slackMs {
                probes = []
            }
        }
        probes.append(probe)
        if probes.count > Self.probesMax { probes.removeFirst() }
        drift = measureDrift()
        measuredAt = receivedAt
        measured = bounds(of: probes[...], at: receivedAt, drift: drift)
    }

    /// A time that the server told without being asked: better than nothing, until a probe.
    package mutating func add(toldMs: Int64, receivedAt: Duration) {
        firstOffsetMs = Double(toldMs) - receivedAt.milliseconds
    }

    /// The server's wall clock, with fractions, at a time of our monotonic clock; nil before the
    /// server has told any.
    package func serverMs(at now: Duration) -> Double? {
        let offsetMs =
            probes.isEmpty
            ? firstOffsetMs : measured.middleMs + drift * (now - measuredAt).milliseconds
        return offsetMs.map { $0 + now.milliseconds }
    }

    /// In whole milliseconds; nil also when the server named a time that no clock shows.
    package func serverTimeMs(at now: Duration) -> Int64? {
        serverMs(at: now).flatMap { Int64(exactly: $0.rounded(.down)) }
    }

    /// By how much the estimate can be wrong at most, however unlike the ways there and back are;
    /// nil before a probe.
    package var errorMsMax: Double? {
        probes.isEmpty ? nil : max(0, (measured.upperMs - measured.lowerMs) / 2)
    }

    private func bounds(
        of probes: ArraySlice<Probe>, at now: Duration, drift: Double
    ) -> Bounds {
        var bounds = Bounds()
        for probe in probes {
            bounds.lowerMs = max(
                bounds.lowerMs, probe.lowerMs + drift * (now - probe.receivedAt).milliseconds)
            bounds.upperMs = min(
                bounds.upperMs, probe.upperMs + drift * (now - probe.sentAt).milliseconds)
        }
        return bounds
    }

    /// Milliseconds per millisecond: how the offset of the newer half differs from the older's.
    private func measureDrift() -> Double {
        guard probes.count >= Self.driftProbesMin else { return 0 }
        let half = probes.count / 2
        let (older, newer) = (probes[..<half], probes[half...])
        let (from, to) = (Self.middle(of: older), Self.middle(of: newer))
        guard to - from >= Self.driftSpan else { return 0 }
        let difference =
            bounds(of: newer, at: to, drift: 0).middleMs
            - bounds(of: older, at: from, drift: 0).middleMs
        return min(max(difference / (to - from).milliseconds, -Self.driftMax), Self.driftMax)
    }

    private static func middle(of probes: ArraySlice<Probe>) -> Duration {
        probes.reduce(.zero) { $0 + $1.receivedAt } / probes.count
    }
}

extension Duration {
    fileprivate var milliseconds: Double { self / .milliseconds(1) }
}
