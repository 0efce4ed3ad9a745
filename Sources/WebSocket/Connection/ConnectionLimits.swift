/// What one connection may cost, and how long it may be silent.
package struct ConnectionLimits: Sendable, Equatable {
    /// Payload of one data frame received.
    package var frameBytesMax: Int
    /// A message received, over all its fragments.
    package var messageBytesMax: Int
    /// The same of a compressed message, which costs its sender a thousandth.
    package var inflatedBytesMax: Int
    /// From the first frame of a message to the end of its last; nil for as long as it takes. Who
    /// stops in the middle is taken for gone.
    package var messageTimeout: Duration?
    /// Frames of one message received.
    package var fragmentsMax: Int
    /// From here on the owner ought to send less (`Outbox.isAboveSoftMark`).
    package var outboxSoftMarkBytes: Int
    /// A data frame that would go beyond this is not queued. Control frames always are: one Close,
    /// one keepalive Ping, and Pongs up to `pongBacklogBytesMax`.
    package var outboxHardMarkBytes: Int
    /// The same for the number of chunks, for which each costs a reference.
    package var outboxChunksMax: Int
    /// With more output than this waiting, only the latest Ping is answered, later
    /// (RFC 6455 §5.5.3).
    package var pongBacklogBytesMax: Int
    /// Silence after which a Ping is sent; nil for never.
    package var pingInterval: Duration?
    /// Silence after that Ping which ends the connection.
    package var pongTimeout: Duration
    /// For the peer's Close, for writing out ours, and for the end of the TCP connection.
    package var closeTimeout: Duration

    package init(
        frameBytesMax: Int = 1_048_576, messageBytesMax: Int = 1_048_576,
        inflatedBytesMax: Int? = nil, messageTimeout: Duration? = nil, fragmentsMax: Int = 1_024,
        outboxSoftMarkBytes: Int = 65_536, outboxHardMarkBytes: Int = 4_194_304,
        outboxChunksMax: Int = 8_192, pongBacklogBytesMax: Int = 4_096,
        pingInterval: Duration? = .seconds(25), pongTimeout: Duration = .seconds(20),
        closeTimeout: Duration = .seconds(5)
    ) {
        precondition(0 <= frameBytesMax && frameBytesMax <= messageBytesMax, "a frame is a message")
        precondition(inflatedBytesMax ?? 0 >= 0 && messageTimeout ?? pongTimeout > .zero)
        precondition(fragmentsMax >= 1 && outboxChunksMax >= 1 && pongBacklogBytesMax >= 0)
        precondition(0 <= outboxSoftMarkBytes && outboxSoftMarkBytes <= outboxHardMarkBytes)
        precondition(
            pongTimeout > .zero && closeTimeout > .zero && pingInterval ?? pongTimeout > .zero)
        self.frameBytesMax = frameBytesMax
        self.messageBytesMax = messageBytesMax
        self.inflatedBytesMax = inflatedBytesMax ?? messageBytesMax
        self.messageTimeout = messageTimeout
        self.fragmentsMax = fragmentsMax
        self.outboxSoftMarkBytes = outboxSoftMarkBytes
        self.outboxHardMarkBytes = outboxHardMarkBytes
        self.outboxChunksMax = outboxChunksMax
        self.pongBacklogBytesMax = pongBacklogBytesMax
        self.pingInterval = pingInterval
        self.pongTimeout = pongTimeout
        self.closeTimeout = closeTimeout
    }
}
