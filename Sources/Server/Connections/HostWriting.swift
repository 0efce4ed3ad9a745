import Transport
import WebSocket

/// What peers get. Writing waits for the end of the turn: everything for one peer leaves at once.
extension ConnectionHost {
    func markDirty(_ peer: Peer) {
        guard !peer.isDirty, !peer.hasEnded else { return }
        peer.isDirty = true
        table.dirtyPeers.append(peer)
    }

    /// Writes what waits; watches for room in the kernel's buffer only when it is full.
    func flush(_ peer: Peer, lending spares: inout SpareBuffers) {
        guard !peer.hasEnded else { return }
        switch peer.phase {
        case .http(let http): flush(http, of: peer)
        case .webSocket(let web): flush(web, of: peer, lending: &spares)
        }
    }

    private func flush(
        _ web: WebSocketPhase, of peer: Peer, lending spares: inout SpareBuffers
    ) {
        let output = web.connection.flush(to: peer.socket, spares: &spares)
        if let error = output.failure {
            ended(peer, error: error)
            return
        }
        didWrite(to: peer, output)
        watchForRoom(peer, !output.isEmpty)
        switch output.transportAction {
        case .closeWhenFlushed where output.isEmpty: closeLingering(peer)
        case .keepOpen, .awaitPeerClose, .closeWhenFlushed:
            armTimer(of: peer, connectionDeadline: output.nextDeadline)
        case .closeNow: close(peer)
        }
    }

    private func flush(_ http: HTTPPhase, of peer: Peer) {
        switch http.output.flush(to: peer.socket) {
        case .emptied:
            watchForRoom(peer, false)
            if http.closesWhenFlushed {
                closeLingering(peer)
            } else {
                nextRequest(of: peer)
            }
        case .blocked: watchForRoom(peer, true)
        case .failed(let error): ended(peer, error: error)
        }
    }

    /// The loop is asked only when something changes: mostly the kernel takes all, every time.
    private func watchForRoom(_ peer: Peer, _ isBlocked: Bool) {
        guard isBlocked != peer.isBlocked else { return }
        peer.isBlocked = isBlocked
        loop.setWriteInterest(fd: peer.socket.fd, isBlocked)
    }
}

/// How a connection stands after a flush: all that its host asks then, in one answer.
struct FlushedOutput {
    let failure: SystemError?
    let isEmpty: Bool
    let isAboveSoftMark: Bool
    let transportAction: TransportAction
    let nextDeadline: Duration?
}

extension Connection {
    /// Writes as much as the kernel takes, and lets go of the memory that this leaves.
    fileprivate mutating func flush(
        to socket: Socket, spares: inout SpareBuffers
    ) -> FlushedOutput {
        let failure = write(to: socket)
        giveBack(to: &spares)
        return FlushedOutput(
            failure: failure, isEmpty: outbox.isEmpty, isAboveSoftMark: outbox.isAboveSoftMark,
            transportAction: transportAction, nextDeadline: nextDeadline)
    }

    private mutating func write(to socket: Socket) -> SystemError? {
        while !outbox.isEmpty {
            // The chunks are let go of before they are consumed: a second reference would copy
            // the queue.
            let result =
                outbox.chunkCount == 1 && !socket.isSecure
                ? socket.write(outbox.chunk(0), from: outbox.firstOffset)
                : socket.write(
                    outbox.firstChunks(Socket.chunksPerWriteMax), firstOffset: outbox.firstOffset)
            switch result {
            case .wrote(let count): consumeOutput(bytes: count, keepsMemory: true)
            case .wouldBlock: return nil
            case .failed(let error): return error
            }
        }
        return nil
    }
}
