import HTTP
import Model
import Rooms
import Transport
import WebSocket
import Wire

/// One connection of a shard: HTTP first, then perhaps a WebSocket. Belongs to its shard's turn.
final class Peer {
    /// A person behind a session token.
    struct Holder: Sendable {
        let session: Identifier
        let user: Identifier
        let displayName: String
    }

    enum SessionState {
        case none
        /// A token is being looked up.
        case opening
        case guest
        case user(Holder)
    }

    /// Calls of one message or one HTTP request, whose answers leave together.
    struct Batch {
        /// Without brackets: a single call of an HTTP request.
        let isSingle: Bool
        var unanswered: Int
        var answers: [[UInt8]] = []
        /// How the HTTP response is written; nil on a WebSocket.
        let httpHead: RequestHead?
    }

    let address: PeerAddress
    let socket: Socket
    let connectedAt: Duration

    var parser = RequestParser(limits: Peer.parserLimits)
    /// A request is being answered: the next one waits in the parser.
    var isAnswering = false
    /// Requests are being taken from the parser: an answer that is there at once does not take
    /// the next one itself.
    var isTakingRequests = false
    /// The client has sent its last byte, and may still read.
    var isInputEnded = false
    var areReadsHeld = false
    var requestBeganAt: Duration?
    var idleSince: Duration
    var httpOutput = WriteQueue()
    var closesWhenFlushed = false

    /// After the upgrade.
    var web: WebSocket.Connection?
    var session = SessionState.none
    var rooms: [Identifier: MemberNumber] = [:]
    var joining = 0
    var batches: [Int: Batch] = [:]
    var nextBatch = 0
    var messages: TokenBucket
    /// Set by who sends too fast.
    var readsPausedUntil: Duration = .zero

    var isDirty = false
    /// When the shard looks at this peer next, whatever happens.
    var timerAt: Duration?
    /// Output passed the soft mark and has not drained since.
    var isBehind = false
    var hasEnded = false

    init(address: PeerAddress, socket: Socket, now: Duration) {
        self.address = address
        self.socket = socket
        connectedAt = now
        idleSince = now
        messages = TokenBucket(
            perSecond: Limits.messagesPerSecondMax, burst: Limits.messagesBurstMax, now: now)
    }

    static let parserLimits = ParserLimits(
        headerCountMax: Limits.requestHeadersMax, headBytesMax: Limits.requestHeadBytesMax,
        bodyBytesMax: Limits.messageBytesMax)

    static let socketLimits = ConnectionLimits(
        frameBytesMax: Limits.socketMessageBytesMax,
        messageBytesMax: Limits.socketMessageBytesMax,
        outboxSoftMarkBytes: Limits.outboxSoftBytes, outboxHardMarkBytes: Limits.outboxHardBytes,
        pingInterval: .seconds(Limits.pingIntervalSeconds),
        pongTimeout: .seconds(Limits.pongTimeoutSeconds),
        closeTimeout: .seconds(Limits.closeSeconds))

    var isSessionOpen: Bool {
        switch session {
        case .guest, .user: true
        case .none, .opening: false
        }
    }

    var holder: Holder? {
        if case .user(let holder) = session { holder } else { nil }
    }

    /// When something is due if nothing happens before.
    var nextDeadline: Duration? {
        guard let web else {
            if isAnswering { return nil }
            return requestBeganAt.map { $0 + .seconds(Limits.requestSeconds) }
                ?? idleSince + .seconds(Limits.keepAliveSeconds)
        }
        guard web.isOpen, !isSessionOpen else { return web.nextDeadline }
        let opening = sessionDeadline
        return web.nextDeadline.map { min($0, opening) } ?? opening
    }

    var sessionDeadline: Duration { connectedAt + .seconds(Limits.sessionOpenSeconds) }
}
