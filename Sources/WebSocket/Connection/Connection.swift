/// One WebSocket connection after its handshake (RFC 6455), client or server, as a value: bytes and
/// time go in, events and bytes come out. It owns no socket and reads no clock.
///
/// It is not copied: there is one peer, and a copy of its queue would cost more than its messages.
///
///     var offset = 0
///     while let event = connection.nextEvent(of: bytes, from: &offset, now: now) { ... }
///     // write connection.outbox, then connection.consumeOutput(bytes: written)
///     // obey connection.transportAction, call deadlineReached at connection.nextDeadline
///
/// It never throws on what a peer sent: a violation becomes a Close frame with the right code, an
/// event, and the advice to close.
package struct Connection: ~Copyable, Sendable {
    enum Phase: Sendable {
        case open
        /// We sent Close and wait for the peer's.
        case closeSent
        /// `closed` was told; input is ignored.
        case ended
    }

    /// The data or control frame whose payload is arriving.
    struct CurrentFrame: Sendable {
        let header: FrameHeader
        var remaining: Int
        /// Turned to the phase of the next byte.
        var key: UInt32
    }

    let isServer: Bool
    let limits: ConnectionLimits
    let reservedBits: UInt8
    /// A client's only.
    var maskKeys: MaskKeys?

    var phase = Phase.open
    /// What waits to be written. Take bytes from it, then call `consumeOutput(bytes:)`.
    package internal(set) var outbox: Outbox
    package internal(set) var transportAction = TransportAction.keepOpen

    /// The beginning of a frame head that was cut.
    var partialHeader: [UInt8] = []
    var currentFrame: CurrentFrame?
    var message = MessageAssembler()
    /// nil when no compression was negotiated, and when the connection has ended.
    var codec: MessageCodec?
    var controlPayload: [UInt8] = []

    var events: [Event] = []
    private var nextEventIndex = 0
    /// The last of `events` is how the peer ends the connection; see `receiveEnd`.
    var isEndHeld = false
    /// The end of TCP came behind it.
    var isEOFHeld = false

    /// The latest Ping that is not answered because output is backed up.
    var owedPong: [UInt8]?
    var lastReceived: Duration
    /// When the first frame of the message came that is not whole yet.
    var messageBegan: Duration?
    /// When the unanswered keepalive Ping was sent.
    var keepalivePingSent: Duration?
    /// Whether the socket took bytes since that Ping.
    var wroteSincePing = false
    /// For the end of the close handshake and of the transport.
    var closeDeadline: Duration?

    /// - Parameters:
    ///   - now: time since an origin of the caller's choice, the same for all calls.
    package init(
        role: Role, limits: ConnectionLimits = ConnectionLimits(),
        messageExtension: MessageExtension = .none, now: Duration
    ) {
        switch role {
        case .server:
            isServer = true
        case .client(let maskSeed):
            isServer = false
            maskKeys = MaskKeys(seed: maskSeed)
        }
        self.limits = limits
        reservedBits = messageExtension.reservedBits
        codec = MessageCodec(messageExtension, isServer: isServer)
        outbox = Outbox(limits: limits)
        lastReceived = now
    }

    /// Whether messages can be sent: no Close was sent or received.
    package var isOpen: Bool { phase == .open }

    var hasEvents: Bool { nextEventIndex < events.count }

    /// The next thing that happened. Take all of them after each call that can make some: the queue
    /// holds at most one event for each two bytes that one `receive` was given.
    package mutating func nextEvent() -> Event? {
        guard hasEvents else { return nil }
        // Swapped out, so that the owner has the only reference to the payload.
        var event = Event.ping([])
        swap(&event, &events[nextEventIndex])
        nextEventIndex += 1
        if nextEventIndex == events.count {
            events.removeAll(keepingCapacity: events.capacity <= Self.keptEventsMax)
            nextEventIndex = 0
            if isEndHeld {
                perform(event)
                return nextEvent()
            }
        }
        return event
    }

    private static let keptEventsMax = 8

    /// Gives the memory of a message back that is no longer needed, for the next one: with this a
    /// connection that receives and sends small messages allocates nothing. It costs nothing not to
    /// call it. Let go of other copies of the payload first, or it is not the same memory.
    ///
    /// At most `SpareBuffers.bufferBytesMax` stay, until `giveBack` or `releaseSpareMemory`.
    @inline(__always)
    package mutating func recycle(_ event: consuming Event) {
        guard phase == .open else { return }
        switch consume event {
        case .text(let payload), .binary(let payload): message.recycle(payload)
        case .ping, .pong, .violation, .closed: break
        }
    }

    /// Gives the loop what it lent and what is not in use now, so that a connection between its
    /// turns holds none.
    package mutating func giveBack(to spares: inout SpareBuffers) {
        // In the order that lets each have its own again: what is given last is taken first.
        outbox.giveBack(to: &spares)
        message.giveBack(to: &spares)
    }

    /// Gives up the memory that waits for the next message to receive and to send. When the peer
    /// has been silent for `pingInterval` this happens by itself.
    package mutating func releaseSpareMemory() {
        message.releaseSpare()
        outbox.releaseSpare()
        if !hasEvents {
            events = []
            nextEventIndex = 0
        }
    }

    @inline(__always)
    mutating func emit(_ event: Event) {
        events.append(event)
    }

    /// Takes away what the socket accepted of `outbox`.
    ///
    /// - Parameter keepsMemory: its owner calls `giveBack(to:)` when all is written.
    package mutating func consumeOutput(bytes: Int, keepsMemory: Bool = false) {
        outbox.consume(bytes: bytes)
        if !keepsMemory { outbox.trimSpare() }
        if bytes > 0 { wroteSincePing = true }
        if owedPong != nil { payOwedPong() }
    }
}
