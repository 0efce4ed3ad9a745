import Synchronization

/// A decompressor of messages (RFC 7692 §7.2.2). Its window stays from one to the next until
/// `reset`.
final class Inflater: Sendable {
    private let state: Mutex<InflateState>

    /// Costs zlib's `1 << windowBits` bytes, from the first message on, and about 12 KiB.
    ///
    /// A peer that refers to what is farther back than the window it agreed to is refused, unless
    /// zlib still finds that in what the same call of `inflate` gave: there, and only there, the
    /// pieces in which a payload arrives decide.
    init(windowBits: Int) {
        state = Mutex(InflateState(windowBits: windowBits))
    }

    func reset() {
        state.withLock { $0.reset() }
    }

    /// Adds what a piece of payload inflates to.
    ///
    /// - Parameters:
    ///   - key: the masking key, turned to the phase of the first byte; 0 for none.
    ///   - bytesMax: `message` never has more, whatever the payload claims.
    ///   - validator: for text; it fails in the piece where the text does.
    func inflate(
        _ payload: Span<UInt8>, key: UInt32, bytesMax: Int, into message: inout [UInt8],
        validator: inout UTF8Validator, isText: Bool
    ) throws(ProtocolViolation) {
        try state.withLock { state throws(ProtocolViolation) in
            var target = InflateTarget(
                bytes: [], bytesMax: bytesMax, validator: validator, isText: isText)
            swap(&target.bytes, &message)
            defer {
                swap(&target.bytes, &message)
                validator = target.validator
            }
            try state.unmaskAndInflate(payload, key: key, into: &target)
        }
    }

    /// The same for the four bytes that the sender left out at the end of the message.
    func finish(
        bytesMax: Int, into message: inout [UInt8], validator: inout UTF8Validator, isText: Bool
    ) throws(ProtocolViolation) {
        try inflate(
            Self.tail.span, key: 0, bytesMax: bytesMax, into: &message, validator: &validator,
            isText: isText)
        let isAtBoundary = state.withLock { $0.isAtBoundary }
        guard isAtBoundary else { throw .invalidDeflate }
    }

    private static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]
}
