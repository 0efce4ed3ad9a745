import HTTP
import Logging
import Model
import Transport
import WebSocket
import Wire

/// Sockets: accept, read, write, close.
extension Shard {
    func accept(from listener: Listener) {
        let result = listener.accept(on: loop, now: moment.elapsed) { socket in
            guard services.connections.enter() else {
                // Readable for a person; a client backs off when a connection closes at once.
                refuse(socket)
                return
            }
            let target = acceptsNextOn
            acceptsNextOn = (acceptsNextOn + 1) % shards.count
            if target == index {
                adopt(socket)
            } else {
                shards[target].post { $0.adopt(socket) }
            }
        }
        switch result {
        case .paused(_, let error):
            log.warning("accepting pauses: \(error)")
        case .failed(let error):
            log.error("accepting failed: \(error)")
        case .drained, .limited: break
        }
    }

    private func refuse(_ socket: Socket) {
        let response = HTTP.Response(
            status: .serviceUnavailable, text: "The server is full; try again later.\n")
        _ = socket.write([response.serialised(keepAlive: false)][...])
        loop.closeLingering(socket, until: moment.elapsed + .seconds(Limits.closeSeconds))
    }

    private func adopt(_ socket: Socket) {
        guard !isStopping else {
            services.connections.leave()
            socket.close()
            return
        }
        let now = EventLoop.now
        let peer = Peer(
            address: PeerAddress(shard: index, token: takeToken()), socket: socket, now: now)
        do {
            try loop.watch(fd: socket.fd, token: peer.address.token)
        } catch {
            log.warning("a connection could not be watched: \(error)")
            services.connections.leave()
            socket.close()
            return
        }
        peers[peer.address.token] = peer
        armTimer(of: peer)
    }

    // MARK: - Reading

    func serve(_ peer: Peer, _ readiness: Readiness) {
        if readiness.writable { markDirty(peer) }
        guard readiness.readable || readiness.hangup, !peer.hasEnded else { return }
        let now = moment.elapsed
        let result = peer.socket.drain(through: &readBuffer) { bytes in
            if peer.web != nil {
                peer.web?.receive(bytes, now: now)
                takeEvents(of: peer)
            } else {
                receiveHTTP(bytes, from: peer)
            }
            return !peer.hasEnded && !peer.areReadsHeld && peer.readsPausedUntil <= now
        }
        switch result {
        case .drained, .limited: break
        case .eof: ended(peer, error: nil)
        case .failed(let error): ended(peer, error: error)
        }
        markDirty(peer)
        armTimer(of: peer)
    }

    private func ended(_ peer: Peer, error: SystemError?) {
        if error == nil, peer.web != nil {
            peer.web?.eof()
            takeEvents(of: peer)
        }
        if error == nil, peer.web == nil {
            inputEnded(of: peer)
            return
        }
        if error != nil || peer.web?.transportAction ?? .closeNow == .closeNow { close(peer) }
    }

    func takeEvents(of peer: Peer) {
        while let event = peer.web?.nextEvent() {
            switch event {
            case .text(let text):
                if !isStopping { receiveMessage(text, from: peer) }
            case .binary:
                charge(peer, calls: 1)
                let error = WireError(
                    .binary, "binary messages are not spoken here", allowed: "text messages")
                sendText(ServerMessage.failure(.null, error).bytes, to: peer)
            case .violation(let violation):
                log.debug("\(violation)", metadata: ["peer": "\(peer.address.token)"])
            case .closed: leaveRooms(peer)
            case .ping, .pong: charge(peer, calls: 1)
            }
        }
    }

    // MARK: - Writing

    func sendText(_ text: [UInt8], to peer: Peer) {
        guard peer.web?.isOpen == true else { return }
        if peer.web?.send(text: text) == .overflow { closeSlow(peer) }
        markDirty(peer)
    }

    /// - Parameter frame: whole, from `Frame.encode`; shared by all who get it.
    func enqueue(_ frame: [UInt8], to peer: Peer) {
        guard peer.web?.isOpen == true else { return }
        if peer.web?.enqueue(frame: frame) == .overflow { closeSlow(peer) }
        markDirty(peer)
    }

    func markDirty(_ peer: Peer) {
        guard !peer.isDirty, !peer.hasEnded else { return }
        peer.isDirty = true
        dirtyPeers.append(peer)
    }

    /// Writes what waits; watches for room in the kernel's buffer only when it is full.
    func flush(_ peer: Peer) {
        guard !peer.hasEnded else { return }
        guard peer.web != nil else {
            flushHTTP(peer)
            return
        }
        writing: while let result = write(peer) {
            switch result {
            case .wrote(let count): peer.web?.consumeOutput(bytes: count)
            case .wouldBlock: break writing
            case .failed(let error):
                ended(peer, error: error)
                return
            }
        }
        noteBacklog(of: peer)
        loop.setWriteInterest(fd: peer.socket.fd, peer.web?.outbox.isEmpty == false)
        obeyTransportAction(of: peer)
    }

    /// Nil when nothing waits. The chunks are let go of before they are consumed: a second
    /// reference would copy the queue.
    private func write(_ peer: Peer) -> Socket.WriteResult? {
        guard let offset = peer.web?.outbox.firstOffset,
            let chunks = peer.web?.outbox.firstChunks(Socket.chunksPerWriteMax), !chunks.isEmpty
        else { return nil }
        return peer.socket.write(chunks, firstOffset: offset)
    }

    private func flushHTTP(_ peer: Peer) {
        switch peer.httpOutput.flush(to: peer.socket) {
        case .emptied:
            loop.setWriteInterest(fd: peer.socket.fd, false)
            if peer.closesWhenFlushed {
                closeLingering(peer)
            } else {
                nextRequest(of: peer)
            }
        case .blocked: loop.setWriteInterest(fd: peer.socket.fd, true)
        case .failed(let error): ended(peer, error: error)
        }
    }

    /// A peer that does not keep up is left out of broadcasts, and gets one joined delta when it
    /// has drained.
    private func noteBacklog(of peer: Peer) {
        if !peer.isBehind, peer.web?.outbox.isAboveSoftMark == true {
            peer.isBehind = true
            for (room, member) in peer.rooms {
                send(.fellBehind(room, member), to: home(of: room))
            }
        } else if peer.isBehind, peer.web?.outbox.isEmpty == true {
            peer.isBehind = false
            for (room, member) in peer.rooms {
                send(.drained(room, member), to: home(of: room))
            }
        }
    }

    private func obeyTransportAction(of peer: Peer) {
        switch peer.web?.transportAction ?? .keepOpen {
        case .keepOpen, .awaitPeerClose: armTimer(of: peer)
        case .closeWhenFlushed:
            if peer.web?.outbox.isEmpty == true { closeLingering(peer) } else { armTimer(of: peer) }
        case .closeNow: close(peer)
        }
    }

    // MARK: - Closing

    /// Says why in a `bye`, because browsers often see only 1006, then closes.
    func close(_ peer: Peer, _ code: Wire.CloseCode, retryAfterMs: Int64? = nil) {
        guard peer.web?.isOpen == true else { return }
        var params: JSON.Object = [
            "code": .integer(Int64(code.rawValue)), "reason": .string(code.reason),
        ]
        if let retryAfterMs { params["retryAfterMs"] = .integer(retryAfterMs) }
        _ = peer.web?.send(
            text: ServerMessage.notification(method: "bye", params: params).bytes)
        peer.web?.close(
            code: WebSocket.CloseCode(rawValue: code.rawValue), reason: code.reason,
            now: moment.elapsed)
        leaveRooms(peer)
        markDirty(peer)
    }

    private func closeSlow(_ peer: Peer) {
        peer.web?.discardUnsentOutput()
        close(peer, .slow, retryAfterMs: 0)
    }

    private func closeLingering(_ peer: Peer) {
        guard forget(peer) else { return }
        loop.closeLingering(
            peer.socket, until: moment.elapsed + .seconds(Limits.closeSeconds))
    }

    func close(_ peer: Peer) {
        guard forget(peer) else { return }
        loop.close(peer.socket)
    }

    private func forget(_ peer: Peer) -> Bool {
        guard !peer.hasEnded else { return false }
        peer.hasEnded = true
        leaveRooms(peer)
        peers[peer.address.token] = nil
        timers.cancel(.peer(peer.address.token))
        services.connections.leave()
        return true
    }

    func leaveRooms(_ peer: Peer) {
        for (room, member) in peer.rooms { send(.leave(room, member), to: home(of: room)) }
        peer.rooms = [:]
    }

    // MARK: - Time

    func armTimer(of peer: Peer) {
        guard !peer.hasEnded else { return }
        // A timer that fires too early looks again; so most messages need not move it.
        guard let deadline = peer.nextDeadline, deadline < peer.timerAt ?? .seconds(Int64.max)
        else { return }
        peer.timerAt = deadline
        timers.set(.peer(peer.address.token), at: deadline)
    }

    func deadlineReached(_ peer: Peer) {
        let now = moment.elapsed
        peer.timerAt = nil
        guard let deadline = peer.nextDeadline, deadline <= now else {
            armTimer(of: peer)
            return
        }
        if peer.web == nil {
            close(peer)
            return
        }
        if peer.web?.isOpen == true, !peer.isSessionOpen, peer.sessionDeadline <= now {
            close(peer, .noSession, retryAfterMs: Int64(Limits.busyRetryMs))
        } else {
            peer.web?.deadlineReached(now: now)
            takeEvents(of: peer)
        }
        markDirty(peer)
        armTimer(of: peer)
    }
}
