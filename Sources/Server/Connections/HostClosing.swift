import Model
import Transport
import WebSocket

/// How connections end, by themselves or in time.
extension ConnectionHost {
    /// RFC 6455 §7.1.1, and as good for HTTP: says that nothing more comes, and waits a short
    /// while for the peer to close.
    func closeLingering(_ peer: Peer) {
        guard forget(peer) else { return }
        loop.closeLingering(peer.socket, until: now + .seconds(Limits.closeSeconds))
    }

    func close(_ peer: Peer) {
        guard forget(peer) else { return }
        loop.close(peer.socket)
    }

    private func forget(_ peer: Peer) -> Bool {
        guard !peer.hasEnded else { return false }
        peer.hasEnded = true
        table.peers.remove(peer)
        table.timers.cancel(peer.address.token)
        release(peer)
        didEnd(peer)
        return true
    }

    // MARK: - Time

    private func nextDeadline(of peer: Peer, connectionDeadline: Duration?) -> Duration? {
        guard let own = ownDeadline(of: peer) else { return connectionDeadline }
        return connectionDeadline.map { min($0, own) } ?? own
    }

    func armTimer(of peer: Peer) {
        armTimer(of: peer, connectionDeadline: peer.nextDeadline)
    }

    func armTimer(of peer: Peer, connectionDeadline: Duration?) {
        guard !peer.hasEnded else { return }
        // A timer that fires too early looks again; so most messages need not move it.
        guard let deadline = nextDeadline(of: peer, connectionDeadline: connectionDeadline),
            deadline < peer.timerAt ?? .seconds(Int64.max)
        else { return }
        peer.timerAt = deadline
        table.timers.set(peer.address.token, at: deadline)
    }

    /// Does what is due for peers.
    func reachDeadlines() {
        while let token = table.timers.popDue(now: now) {
            if let peer = table.peers[token] { deadlineReached(peer) }
        }
    }

    private func deadlineReached(_ peer: Peer) {
        peer.timerAt = nil
        let connectionDeadline = peer.nextDeadline
        guard let deadline = nextDeadline(of: peer, connectionDeadline: connectionDeadline),
            deadline <= now
        else {
            armTimer(of: peer)
            return
        }
        guard let web = peer.web else {
            close(peer)
            return
        }
        if let own = ownDeadline(of: peer), own <= now {
            ownDeadlineReached(by: peer)
        } else {
            web.connection.deadlineReached(now: now)
            takeEvents(of: peer)
        }
        markDirty(peer)
        armTimer(of: peer)
    }
}
