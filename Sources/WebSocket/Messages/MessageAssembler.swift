/// The message whose fragments are arriving (RFC 6455 §5.4).
struct MessageAssembler: Sendable {
    /// nil between messages.
    private(set) var opcode: Opcode?
    private var bytes: [UInt8] = []
    private var validator = UTF8Validator()
    private var fragments = 0

    /// Notes the head of a data frame.
    @inline(__always)
    mutating func begin(
        _ header: FrameHeader, limits: ConnectionLimits
    ) throws(ProtocolViolation) {
        if header.opcode == .continuation {
            guard opcode != nil else { throw .unexpectedContinuation }
        } else {
            guard opcode == nil else { throw .expectedContinuation }
            opcode = header.opcode
        }
        fragments += 1
        guard fragments <= limits.fragmentsMax else { throw .tooManyFragments }
        guard header.length <= limits.frameBytesMax else { throw .frameTooBig }
        guard header.length <= limits.messageBytesMax - bytes.count else { throw .messageTooBig }
    }

    /// A claim is no reason to allocate: beyond this, memory follows the bytes that come.
    private static let reservedBytesMax = 16_384

    /// Adds payload, unmasked on the way. Text fails as soon as no continuation can save it.
    ///
    /// - Parameter expected: bytes of the frame from here on, `payload` included.
    @inline(__always)
    mutating func append(
        _ payload: Span<UInt8>, key: UInt32, expected: Int
    ) throws(ProtocolViolation) {
        let start = bytes.count
        if start == 0, expected > payload.count {
            bytes.reserveCapacity(max(payload.count, min(expected, Self.reservedBytesMax)))
        }
        let isASCII = MaskKernel.append(payload, key: key, to: &bytes)
        guard opcode == .text, !(isASCII && validator.isComplete) else { return }
        var validator = validator
        let isValid = validator.consume(bytes.span.extracting(start..<bytes.count))
        self.validator = validator
        guard isValid else { throw .invalidUTF8 }
    }

    /// Gives the whole message, after the frame that has FIN.
    @inline(__always)
    mutating func finish() throws(ProtocolViolation) -> Event {
        guard validator.isComplete else { throw .invalidUTF8 }
        // The array moves out: the owner has the only reference.
        var message: [UInt8] = []
        swap(&message, &bytes)
        let isText = opcode == .text
        opcode = nil
        fragments = 0
        return isText ? .text(message) : .binary(message)
    }
}
