package import Replica
import Transport

/// The server's clock as this client knows it. `Protocol/playing.md#clock`.
public struct ServerClock: Sendable {
    private let estimate: ClockEstimate

    package init(_ estimate: ClockEstimate) { self.estimate = estimate }

    /// The server's time now, in milliseconds since 1970; nil before the server has told any.
    public var nowMs: Double? { estimate.serverMs(at: EventLoop.now) }

    /// By how much it can be wrong at most, however unlike the ways there and back are; nil before
    /// anything was measured.
    public var errorMsMax: Double? { estimate.errorMsMax }

    /// Exchanges that it rests on.
    public var probeCount: Int { estimate.probeCount }
}
