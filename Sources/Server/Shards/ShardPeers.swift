import Logging
import Model
import Transport
import WebSocket
import Wire

/// What the sockets of people say and get.
extension Shard {
    /// Round robin over all shards.
    func place(_ arrival: Arrival) {
        let target = acceptsNextOn
        acceptsNextOn = (acceptsNextOn + 1) % shards.count
        if target == index {
            adopt(arrival)
        } else {
            shards[target].post { $0.adopt(arrival) }
        }
    }

    func receive(_ event: WebSocket.Event, from peer: Peer) {
        switch event {
        case .text(let text):
            if !isStopping { receiveMessage(text, from: peer) }
        case .binary:
            charge(peer, calls: 1)
            let error = WireError(
                .binary, "binary messages are not spoken here", allowed: "text messages")
            sendText(ServerMessage.failure(.null, error).bytes, to: peer)
        case .violation(let violation):
            log.debug(
                "\(violation)",
                metadata: [
                    "peer": "\(peer.address.token)", "client": "\(peer.client?.host ?? "?")",
                ])
        case .closed: leaveRooms(peer)
        case .ping, .pong: charge(peer, calls: 1)
        }
    }

    func sendText(_ text: [UInt8], to peer: Peer) {
        guard let web = peer.web, web.isOpen else { return }
        if web.connection.send(text: text) == .overflow { closeSlow(peer) }
        markDirty(peer)
    }

    func enqueue(_ message: SharedMessage, to peer: Peer) {
        guard let web = peer.web, web.isOpen else { return }
        if web.connection.enqueue(message) == .overflow { closeSlow(peer) }
        markDirty(peer)
    }

    /// A peer that does not keep up is left out of broadcasts, and gets one joined delta when it
    /// has drained.
    func didWrite(to peer: Peer) {
        guard let web = peer.web else { return }
        if !peer.isBehind, web.connection.outbox.isAboveSoftMark {
            peer.isBehind = true
            for (room, member) in peer.rooms {
                send(.fellBehind(room, member), to: home(of: room))
            }
            progressStreams(of: peer)
        } else if peer.isBehind, web.connection.outbox.isEmpty {
            peer.isBehind = false
            for (room, member) in peer.rooms {
                send(.drained(room, member), to: home(of: room))
            }
        }
        if peer.hasWaitingStreams { progressStreams(of: peer) }
    }

    // MARK: - Closing

    /// Says why in a `bye`, because browsers often see only 1006, then closes.
    func close(_ peer: Peer, _ code: Wire.CloseCode, retryAfterMs: Int64? = nil) {
        guard let web = peer.web, web.isOpen else { return }
        var params: JSON.Object = [
            "code": .integer(Int64(code.rawValue)), "reason": .string(code.reason),
        ]
        if let retryAfterMs { params["retryAfterMs"] = .integer(retryAfterMs) }
        _ = web.connection.send(
            text: ServerMessage.notification(method: NotificationName.bye, params: params).bytes)
        web.connection.close(
            code: WebSocket.CloseCode(rawValue: code.rawValue), reason: code.reason,
            now: moment.elapsed)
        leaveRooms(peer)
        markDirty(peer)
    }

    /// What a session could do, its sockets can do no longer.
    func closePeers(ofSessions ended: Set<Identifier>, except spared: PeerAddress?) {
        lookups.note(ended)
        for peer in table.peers.all where peer.address != spared {
            if let holder = peer.holder, ended.contains(holder.session) {
                close(peer, .sessionEnded)
            }
        }
    }

    private func closeSlow(_ peer: Peer) {
        peer.web?.connection.discardUnsentOutput()
        close(peer, .slow, retryAfterMs: 0)
    }

    func didEnd(_ peer: Peer) {
        leaveRooms(peer)
    }

    func leaveRooms(_ peer: Peer) {
        for (room, member) in peer.rooms { send(.leave(room, member), to: home(of: room)) }
        peer.rooms = [:]
        closeStreams(of: peer)
    }

    // MARK: - Time

    /// A session is opened in time, and ends in time.
    func ownDeadline(of peer: Peer) -> Duration? {
        guard peer.web?.isOpen == true else { return nil }
        switch peer.session {
        case .none, .opening: return peer.sessionDeadline
        case .guest: return nil
        case .user(let holder):
            return moment.elapsed
                + .milliseconds(max(0, holder.expiresMs - moment.wallClockMs))
        }
    }

    func ownDeadlineReached(by peer: Peer) {
        if let holder = peer.holder {
            checkExpiry(of: holder, peer)
        } else {
            close(peer, .noSession, retryAfterMs: Int64(Limits.busyRetryMs))
        }
    }
}
