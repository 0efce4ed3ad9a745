import Wire

/// When a client comes back after its socket went, and why not.
struct Reconnection: Sendable {
    /// A client that is sent away to resume at once, and again sooner than this after it came back,
    /// backs off.
    private static let resumedSocketMin = Duration.seconds(1)

    private(set) var socketOpenedAt: Duration = .zero
    /// What the server said before it closed this socket.
    private var bye: (code: UInt16, reason: String, retryAfterMs: Int64?)?
    private var backoff: Backoff
    /// For sockets that end with the duty to resume now, one soon after the other; an open session
    /// does not reset it.
    private var resumeBackoff: Backoff
    private var wasSentToResume = false

    init(seed: UInt64) {
        backoff = Backoff(seed: seed)
        resumeBackoff = Backoff(seed: seed)
    }

    mutating func socketOpened(now: Duration) {
        socketOpenedAt = now
        bye = nil
    }

    mutating func sessionOpened() { backoff.reset() }

    mutating func saidBye(code: UInt16, reason: String, retryAfterMs: Int64?) {
        bye = (code, reason, retryAfterMs)
    }

    /// How long to wait before something is tried again on this socket.
    mutating func nextDelay() -> Duration { backoff.next() }

    mutating func socketClosed(
        code: UInt16, reason: String, now: Duration
    ) -> Session.AfterClose {
        let bye = bye
        // It was about this socket: the next one that fails has reasons of its own.
        self.bye = nil
        let code = bye?.code ?? code
        let given = bye?.retryAfterMs.map { Duration.milliseconds($0) }
        switch CloseCode.duty(of: code) {
        case .stop where code != 1000: return .stop(code: code, reason: bye?.reason ?? reason)
        case .signInAgain: return .signIn
        case .resumeNow: return .reconnect(at: now + (given ?? resumeDelay(now: now)))
        default: return .reconnect(at: now + (given ?? backoff.next()))
        }
    }

    /// Nothing, unless the last socket was ended for the same reason and this one lived only
    /// shortly: no tight loop between a client that cannot keep up and its server.
    private mutating func resumeDelay(now: Duration) -> Duration {
        let isRepeated = wasSentToResume && now - socketOpenedAt < Self.resumedSocketMin
        wasSentToResume = true
        if isRepeated { return resumeBackoff.next() }
        resumeBackoff.reset()
        return .zero
    }
}
