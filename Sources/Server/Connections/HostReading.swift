import HTTP
import Logging
import Transport
import WebSocket

/// What peers send.
extension ConnectionHost {
    func serve(
        _ peer: Peer, _ readiness: Readiness, through readBuffer: inout [UInt8],
        lending spares: inout SpareBuffers
    ) {
        if readiness.writable { markDirty(peer) }
        guard readiness.readable || readiness.hangup, !peer.hasEnded else { return }
        let now = now
        let result = peer.socket.drain(through: &readBuffer) { bytes in
            switch peer.phase {
            case .webSocket(let web): receive(bytes, web, from: peer, lending: &spares)
            case .http(let http): receiveHTTP(bytes, http, from: peer)
            }
            return !peer.hasEnded && !peer.areReadsHeld && peer.readsPausedUntil <= now
        }
        switch result {
        case .drained, .limited: break
        // Nobody is left to read what still waits for him.
        case .eof where readiness.hangup: close(peer)
        case .eof: ended(peer, error: nil)
        case .failed(let error): ended(peer, error: error)
        }
        markDirty(peer)
    }

    /// One message at a time: each is answered, and its memory given back, before the next is
    /// read. The host may do what it likes with the connection meanwhile: no access to it is open.
    func receive(
        _ bytes: borrowing Span<UInt8>, _ web: WebSocketPhase, from peer: Peer,
        lending spares: inout SpareBuffers
    ) {
        let now = now
        var offset = 0
        var next = web.connection.nextEvent(
            of: bytes, from: &offset, now: now, lentBy: &spares)
        while let event = next.take() {
            receive(event, from: peer)
            next = web.connection.nextEvent(
                of: bytes, from: &offset, now: now, lentBy: &spares, recycling: consume event)
        }
    }

    /// What happened without anything read.
    func takeEvents(of peer: Peer) {
        guard let web = peer.web else { return }
        while let event = web.connection.nextEvent() { receive(event, from: peer) }
    }

    /// The peer has sent its last byte, or the connection broke.
    func ended(_ peer: Peer, error: SystemError?) {
        guard error == nil else {
            if case .tls(let failure)? = error {
                log.debug("\(failure)", metadata: ["peer": "\(peer.address.token)"])
            }
            close(peer)
            return
        }
        switch peer.phase {
        case .http(let http): inputEnded(http, of: peer)
        case .webSocket(let web):
            web.connection.eof()
            takeEvents(of: peer)
            if web.connection.transportAction == .closeNow { close(peer) }
            // What we still say is written; the end that was read would be reported all the while.
            holdReads(of: peer, true)
        }
    }

    /// Reads nothing of this peer while `isHeld`: what it sends waits in the kernel's buffers, and
    /// then in its own.
    func holdReads(of peer: Peer, _ isHeld: Bool) {
        guard isHeld != peer.areReadsHeld, !peer.hasEnded else { return }
        peer.areReadsHeld = isHeld
        if !isHeld, peer.readsPausedUntil > now {
            // Who sent too fast stays unread until then, also when an answer has left meanwhile.
            loop.pauseReads(fd: peer.socket.fd, until: peer.readsPausedUntil)
        } else {
            loop.setReadInterest(fd: peer.socket.fd, !isHeld)
        }
    }
}
