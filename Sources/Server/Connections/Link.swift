import Transport
import WebSocket

/// One connection of a host: HTTP first, then perhaps a WebSocket. Belongs to its host's turn; a
/// subclass adds what its host must remember of a peer.
class Link {
    /// Each phase is an object of its own, let go of when the next begins: an open WebSocket pays
    /// nothing for the HTTP parser it came through.
    enum Phase {
        case http(HTTPPhase)
        case webSocket(WebSocketPhase)
    }

    final let address: PeerAddress
    final let socket: Socket
    final let connectedAt: Duration
    /// Who it is: the TCP peer, or whom a trusted proxy named. Nil when the peer was gone before
    /// it could be asked.
    final var client: SocketAddress?
    /// Under what its host has counted it; nil for not at all.
    final var network: ClientNetwork?

    /// Somebody on this machine who is the user that runs the server.
    final var isLocal = false

    final var phase: Phase

    /// It waits for the end of the turn, when it is written to.
    final var isDirty = false
    /// The kernel takes no more for now; the loop tells when it does.
    final var isBlocked = false
    /// When the host looks at this peer next, whatever happens.
    final var timerAt: Duration?
    final var hasEnded = false
    /// Its host waits with reading until something else is done.
    final var areReadsHeld = false
    /// Set by who sends too fast.
    final var readsPausedUntil: Duration = .zero

    required init(address: PeerAddress, socket: Socket, now: Duration) {
        self.address = address
        self.socket = socket
        client = socket.peerAddress
        connectedAt = now
        phase = .http(HTTPPhase(now: now))
    }

    final var http: HTTPPhase? {
        if case .http(let http) = phase { http } else { nil }
    }

    final var web: WebSocketPhase? {
        if case .webSocket(let web) = phase { web } else { nil }
    }

    /// When something is due if nothing happens before.
    final var nextDeadline: Duration? {
        switch phase {
        case .http(let http): http.nextDeadline
        case .webSocket(let web): web.connection.nextDeadline
        }
    }
}
