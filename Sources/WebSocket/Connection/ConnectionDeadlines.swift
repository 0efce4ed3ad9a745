extension Connection {
    /// When `deadlineReached` wants to be called; nil for never. It moves with every `receive`:
    /// look at it when the timer fires, there is no need to re-arm one for every message.
    package var nextDeadline: Duration? {
        guard phase == .open else { return closeDeadline }
        let silence =
            keepalivePingSent.map { $0 + limits.pongTimeout }
            ?? limits.pingInterval.map { lastReceived + $0 }
        guard let stalled = messageDeadline else { return silence }
        return silence.map { min($0, stalled) } ?? stalled
    }

    private var messageDeadline: Duration? {
        guard let messageBegan, let timeout = limits.messageTimeout else { return nil }
        return messageBegan + timeout
    }

    /// Does what has become due. Harmless when nothing has.
    package mutating func deadlineReached(now: Duration) {
        guard let deadline = nextDeadline, now >= deadline else { return }
        switch phase {
        case .open:
            if let messageDeadline, now >= messageDeadline {
                end(code: .abnormal, reason: "", isClean: false, then: .closeNow)
            } else if keepalivePingSent == nil {
                releaseSpareMemory()
                append(.ping, [UInt8]().span)
                keepalivePingSent = now
                wroteSincePing = false
            } else if wroteSincePing, !outbox.isEmpty {
                // A slow reader is alive: it has not even been given the Ping yet, perhaps.
                keepalivePingSent = now
                wroteSincePing = false
            } else {
                end(code: .abnormal, reason: "", isClean: false, then: .closeNow)
            }
        case .closeSent:
            end(code: .abnormal, reason: "", isClean: false, then: .closeNow)
        case .ended:
            closeTransportNow()
        }
    }
}
