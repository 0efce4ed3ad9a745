package import Transport

/// Something that lives on a `LoopDriver`: a socket, a timer, or both. Called on the loop only.
package protocol LoopMember: AnyObject {
    func ready(_ readiness: Readiness, now: Duration)
    func deadlineReached(now: Duration)
    /// The end of a turn, for those who asked with `LoopDriver.flushSoon`: one write for all that
    /// was queued meanwhile.
    func flush(now: Duration)
}

extension LoopMember {
    package func ready(_ readiness: Readiness, now: Duration) {}
    package func flush(now: Duration) {}
}
