/// What the owner of a connection is told.
package enum Event: Hashable, Sendable {
    /// A whole text message: valid UTF-8 (RFC 6455 §8.1).
    case text([UInt8])
    /// A whole binary message.
    case binary([UInt8])
    /// A Ping, already answered or about to be. 0...125 bytes.
    case ping([UInt8])
    /// A Pong, asked for or not. 0...125 bytes.
    case pong([UInt8])
    /// The peer broke the protocol or a limit; `closed` follows with the violation's code.
    case violation(ProtocolViolation)
    /// Once, last: nothing is received or sent after it.
    ///
    /// - Parameters:
    ///   - code: the peer's (RFC 6455 §7.1.5); `.noStatus` if its Close had none; `.abnormal`
    ///     without a Close; after a violation the code that we sent.
    ///   - isClean: both Close frames were exchanged (§7.1.4, without the end of TCP).
    case closed(code: CloseCode, reason: String, isClean: Bool)
}
