import HTTP
import Logging
import Model
import Transport

/// Who comes in.
extension ConnectionHost {
    func accept(from listener: Listener) {
        let result = listener.accept(on: loop, now: now) { socket in
            guard connectionCount.enter() else {
                // Readable for a person; a client backs off when a connection closes at once.
                refuse(socket)
                return
            }
            place(socket)
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
        loop.closeLingering(socket, until: now + .seconds(Limits.closeSeconds))
    }

    func adopt(_ socket: Socket) {
        guard !isStopping else {
            connectionCount.leave()
            socket.close()
            return
        }
        // A socket that comes from another loop comes before this one's turn has begun.
        let peer = Peer(
            address: PeerAddress(shard: index, token: table.takeToken()), socket: socket,
            now: EventLoop.now)
        do {
            try loop.watch(fd: socket.fd, token: peer.address.token)
        } catch {
            log.warning("a connection could not be watched: \(error)")
            connectionCount.leave()
            socket.close()
            return
        }
        table.peers[peer.address.token] = peer
        armTimer(of: peer)
    }
}
