/// The message whose fragments are arriving (RFC 6455 §5.4), inflated on the way if it is
/// compressed (RFC 7692 §7.2.2).
struct MessageAssembler: Sendable {
    /// nil between messages.
    private(set) var opcode: Opcode?
    /// Between messages memory for the next one.
    private var bytes: [UInt8] = []
    private var validator = UTF8Validator()
    private var fragments = 0
    private var isCompressed = false
    /// Payload of the frames that have begun, as it is on the wire; of a compressed message only.
    private var compressedBytes = 0

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
            isCompressed = header.isCompressed
        }
        fragments += 1
        guard fragments <= limits.fragmentsMax else { throw .tooManyFragments }
        guard header.length <= limits.frameBytesMax else { throw .frameTooBig }
        if isCompressed {
            compressedBytes += header.length
            guard compressedBytes <= Self.compressedBytesMax(limits) else { throw .messageTooBig }
        } else {
            guard header.length <= limits.messageBytesMax - bytes.count else {
                throw .messageTooBig
            }
        }
    }

    /// No encoder needs more for a message of the largest size: a literal of a fixed Huffman code
    /// has at most 9 bits. Without this a stream of empty blocks would cost time without end.
    private static func compressedBytesMax(_ limits: ConnectionLimits) -> Int {
        limits.inflatedBytesMax + limits.inflatedBytesMax / 8 + 64
    }

    /// A claim is no reason to allocate: beyond this, memory follows the bytes that come.
    private static let reservedBytesMax = 16_384

    /// Adds payload, unmasked and inflated on the way. Text fails as soon as no continuation can
    /// save it.
    ///
    /// - Parameter expected: bytes of the frame from here on, `payload` included.
    @inline(__always)
    mutating func append(
        _ payload: Span<UInt8>, key: UInt32, expected: Int, limits: ConnectionLimits,
        codec: inout MessageCodec?
    ) throws(ProtocolViolation) {
        if isCompressed {
            try codec?.inflate(
                payload, key: key, bytesMax: limits.inflatedBytesMax, into: &bytes,
                validator: &validator, isText: opcode == .text)
            return
        }
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

    /// Takes the memory of a message that the owner is done with.
    @inline(__always)
    mutating func recycle(_ payload: consuming [UInt8]) {
        guard opcode == nil, bytes.capacity < payload.capacity,
            payload.capacity <= SpareBuffers.bufferBytesMax
        else { return }
        payload.removeAll(keepingCapacity: true)
        bytes = payload
    }

    @inline(__always)
    mutating func borrow(from spares: inout SpareBuffers) {
        if opcode == nil, bytes.capacity == 0 { bytes = spares.take() }
    }

    @inline(__always)
    mutating func giveBack(to spares: inout SpareBuffers) {
        guard opcode == nil, bytes.capacity > 0 else { return }
        var spare: [UInt8] = []
        swap(&spare, &bytes)
        spares.put(spare)
    }

    mutating func releaseSpare() {
        if opcode == nil { bytes = [] }
    }

    /// Gives the whole message, after the frame that has FIN.
    @inline(__always)
    mutating func finish(
        limits: ConnectionLimits, codec: inout MessageCodec?
    ) throws(ProtocolViolation) -> Event {
        if isCompressed {
            try codec?.finishInflating(
                bytesMax: limits.inflatedBytesMax, into: &bytes, validator: &validator,
                isText: opcode == .text, hadPayload: compressedBytes > 0)
            isCompressed = false
            compressedBytes = 0
        }
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
