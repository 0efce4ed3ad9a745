import Replica
import Wire

/// The socket: when there is one, and what its end means.
extension ClientCore {
    func want(now: Duration) {
        isWanted = true
        if link == nil, retryAt == nil { connect(now: now) }
        pump(now: now)
    }

    func connect(now: Duration) {
        retryAt = nil
        setState(.connecting, now: now)
        connectCount += 1
        link = ClientLink(to: endpoint, on: driver, loop: loop, delegate: self, now: now)
    }

    /// Leaves the present socket to end by itself.
    func dropLink() {
        guard let old = link else { return }
        forgetLink()
        old.close()
        _ = session.socketClosed(code: 1000, reason: "", now: .zero)
    }

    private func forgetLink() {
        endedReceivedBytes += link?.receivedBytes ?? 0
        endedSentBytes += link?.sentBytes ?? 0
        link = nil
        sessionDeadline = nil
    }
}

extension ClientCore: LinkDelegate {
    package func linkOpened(now: Duration) {
        session.socketOpened(now: now)
        sessionDeadline = now + Self.sessionTimeout
        pump(now: now)
    }

    package func linkReceived(_ text: [UInt8], now: Duration) {
        receivedMessages += 1
        session.receive(text, now: now)
        pump(now: now)
    }

    package func linkEnded(_ ending: LinkEnding, now: Duration) {
        forgetLink()
        var (code, reason): (UInt16, String)
        switch ending {
        case .closed(let closeCode, let text): (code, reason) = (closeCode, text)
        case .unreachable(let why): (code, reason) = (1006, why)
        case .refused(let status, let text):
            // What a 4xx minds will not change by itself, but for "too early" and "too many".
            let mayPass = status >= 500 || status == 425 || status == 429 || status == 408
            code = mayPass ? 1006 : 1002
            reason = "HTTP \(status) \(text.prefix { !$0.isNewline })"
        }
        if reason.isEmpty { reason = code == 1006 ? "the connection was lost" : "closed (\(code))" }
        switch session.socketClosed(code: code, reason: reason, now: now) {
        case .reconnect(let at):
            guard isWanted else { return }
            retryAt = at
            setState(.offline(reason: reason, retryIn: at - now), now: now)
        case .stop(let code, let reason):
            isWanted = false
            setState(.stopped(code: Int(code), reason: reason), now: now)
            let error = ClientError.stopped(code: Int(code), reason)
            for id in waiting.failAnswers(error) { session.forget(id) }
        case .signIn:
            isWanted = false
            needSignIn(WireError(.unauthenticated, reason), now: now)
        }
        pump(now: now)
    }
}
