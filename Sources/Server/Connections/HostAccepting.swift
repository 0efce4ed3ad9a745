import HTTP
import Logging
import Model
import Transport

/// Who comes in.
extension ConnectionHost {
    func accept(from listener: Listener) {
        var count = 0
        let result = listener.accept(on: loop, now: now) { socket in
            if listener.isLocal {
                acceptLocal(socket)
                return
            }
            switch admit(socket) {
            case .success(let arrival):
                // Only those: one network that is turned away must not use up everybody's rate.
                count += 1
                place(arrival)
            case .failure(let refusal):
                if table.refusedCount < Limits.refusedWaitingMax, !socket.isSecure {
                    take(socket, refusal: refusal)
                } else {
                    refuse(socket, refusal)
                }
            }
        }
        switch result {
        case .paused(_, let error):
            // It goes on by itself, and may pause ten times a second for as long as it lasts.
            if table.pauseLoggedAt.map({ $0 + .seconds(Limits.pauseLogSeconds) <= now }) ?? true {
                table.pauseLoggedAt = now
                log.warning("accepting pauses: \(error)")
            }
        case .failed(let error):
            log.error("accepting failed: \(error)")
        case .drained, .limited:
            if let pause = admission.pauseAfter(accepting: count, now: now) {
                loop.pauseReads(fd: listener.fd, until: now + pause)
            }
        }
    }

    /// A server that is full, or overrun, can still be administered. What is too much closes at
    /// once.
    private func acceptLocal(_ socket: Socket) {
        guard table.localCount < Limits.localConnectionsMax else {
            socket.close()
            return
        }
        table.localCount += 1
        take(socket, isLocal: true)
    }

    private func admit(_ socket: Socket) -> Result<Arrival, Admission.Refusal> {
        if let refusal = admission.enter() { return .failure(refusal) }
        guard let address = socket.peerAddress, admission.counts(address) else {
            return .success(Arrival(socket: socket, network: nil))
        }
        let network = ClientNetwork(address)
        if let refusal = admission.enter(network, now: now) {
            admission.leave()
            return .failure(refusal)
        }
        return .success(Arrival(socket: socket, network: network))
    }

    /// At once: for who comes when enough others are waited for. Behind TLS an answer could be read
    /// only after a handshake, which is what must not be spent here.
    private func refuse(_ socket: Socket, _ refusal: Admission.Refusal) {
        guard !socket.isSecure else {
            socket.close()
            return
        }
        _ = socket.write([Self.response(to: refusal).serialised(keepAlive: false)][...])
        loop.closeLingering(socket, until: now + .seconds(Limits.closeSeconds))
    }

    static func response(to refusal: Admission.Refusal) -> HTTP.Response {
        switch refusal {
        case .full:
            HTTP.Response(
                status: .serviceUnavailable, text: "The server is full; try again later.\n",
                headers: ["Retry-After": "\(Limits.networkRetrySeconds)"])
        case .tooMany(let seconds):
            HTTP.Response(
                status: .tooManyRequests,
                text: "Too many connections from your network; try again later.\n",
                headers: ["Retry-After": "\(seconds)"])
        }
    }

    func adopt(_ arrival: Arrival) {
        take(arrival.socket, network: arrival.network)
    }

    /// - Parameter refusal: why this connection is not let in: it is there to be told.
    private func take(
        _ socket: Socket, network: ClientNetwork? = nil, isLocal: Bool = false,
        refusal: Admission.Refusal? = nil
    ) {
        // A socket that comes from another loop comes before this one's turn has begun.
        let peer = Peer(
            address: PeerAddress(shard: index, token: table.peers.tokenForNext()), socket: socket,
            now: EventLoop.now)
        peer.network = network
        peer.isLocal = isLocal
        if let refusal {
            peer.phase = .http(HTTPPhase(refusal: refusal, now: peer.connectedAt))
            table.refusedCount += 1
        }
        guard !isStopping else {
            release(peer)
            peer.socket.close()
            return
        }
        do {
            try loop.watch(peer.socket, token: peer.address.token)
        } catch {
            log.warning("a connection could not be watched: \(error)")
            release(peer)
            peer.socket.close()
            return
        }
        table.peers.insert(peer)
        armTimer(of: peer)
    }

    /// Counts a connection out.
    func release(_ peer: Peer) {
        if peer.http?.refusal != nil {
            table.refusedCount -= 1
            return
        }
        if let network = peer.network { admission.leave(network) }
        peer.network = nil
        if peer.isLocal {
            table.localCount -= 1
        } else {
            admission.leave()
        }
    }
}
