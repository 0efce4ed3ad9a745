import HTTP
import Model
import Rooms
import Transport
import WebSocket
import Wire

/// One connection of a shard, with the person behind it.
final class Peer: Link {
    /// A person behind a session token.
    struct Holder: Sendable {
        let session: Identifier
        let user: Identifier
        var displayName: String
        let isAdmin: Bool
        /// When the session ends unless it is used; another socket may have used it since.
        var expiresMs: Int64
        /// As it was last written.
        var lastUsedMs: Int64
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

    var session = SessionState.none
    /// What its client calls itself.
    var userAgent: String?
    var rooms: [Identifier: MemberNumber] = [:]
    var joining = 0
    var streams: [StreamName: StreamSeat] = [:]
    /// Some of them go on when the peer has taken what was sent.
    var hasWaitingStreams = false
    var batches: [Int: Batch] = [:]
    var nextBatch = 0
    var messages: TokenBucket
    /// Output passed the soft mark and has not drained since.
    var isBehind = false

    required init(address: PeerAddress, socket: Socket, now: Duration) {
        messages = TokenBucket(
            perSecond: Limits.messagesPerSecondMax, burst: Limits.messagesBurstMax, now: now)
        super.init(address: address, socket: socket, now: now)
    }

    static let socketLimits = ConnectionLimits(
        frameBytesMax: Limits.socketMessageBytesMax,
        messageBytesMax: Limits.socketMessageBytesMax,
        inflatedBytesMax: Limits.messageBytesMax,
        messageTimeout: .seconds(Limits.messageSeconds),
        fragmentsMax: Limits.fragmentsPerMessageMax,
        outboxSoftMarkBytes: Limits.outboxSoftBytes, outboxHardMarkBytes: Limits.outboxHardBytes,
        outboxChunksMax: Limits.outboxChunksMax, pongBacklogBytesMax: Limits.pongBacklogBytesMax,
        pingInterval: .seconds(Limits.pingIntervalSeconds),
        pongTimeout: .seconds(Limits.pongTimeoutSeconds),
        closeTimeout: .seconds(Limits.closeSeconds))

    var holder: Holder? {
        if case .user(let holder) = session { holder } else { nil }
    }

    var sessionDeadline: Duration { connectedAt + .seconds(Limits.sessionOpenSeconds) }
}
