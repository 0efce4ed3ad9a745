import CZlib
import Synchronization

/// A decompressor of messages (RFC 7692 §7.2.2). Its window stays from one to the next until
/// `reset`.
final class Inflater: Sendable {
    private let state: Mutex<InflateState>

    /// Costs zlib's `1 << windowBits` bytes, from the first message on, and about 12 KiB.
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

/// The message that grows, and its rules.
private struct InflateTarget {
    private static let stepBytes = 512

    var bytes: [UInt8]
    let bytesMax: Int
    var validator: UTF8Validator
    let isText: Bool

    /// Room for the next step: at least one byte more than is allowed, so that too much shows.
    mutating func makeRoom() -> Int {
        if bytes.capacity - bytes.count < Self.stepBytes {
            let wanted = max(bytes.count * 2, bytes.count + Self.stepBytes)
            bytes.reserveCapacity(min(wanted, bytesMax + 1))
        }
        return min(bytes.capacity, bytesMax + 1) - bytes.count
    }

    mutating func check(from start: Int) throws(ProtocolViolation) {
        guard bytes.count <= bytesMax else { throw .messageTooBig }
        guard isText, start < bytes.count else { return }
        var validator = validator
        let isValid = validator.consume(bytes.span.extracting(start..<bytes.count))
        self.validator = validator
        guard isValid else { throw .invalidUTF8 }
    }
}

/// The raw deflate stream of zlib, freed once, in `deinit`.
@safe
private struct InflateState: ~Copyable {
    private static let pieceBytes = 4_096

    /// At a fixed address, for zlib keeps a pointer back to it.
    private let stream: UnsafeMutablePointer<z_stream>
    private var unmasked: [UInt8] = []
    private var isAfterFinalBlock = false

    init(windowBits: Int) {
        // SAFETY: freed in deinit only, which runs once for a type that is not copied.
        unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // Negative: raw deflate, without the head of zlib's format.
        let status = unsafe inflateInit2_(
            stream, Int32(-windowBits), ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib has no memory, or is not the one compiled against")
    }

    deinit {
        // SAFETY: made by `init`, and nothing uses it afterwards.
        unsafe inflateEnd(stream)
        unsafe stream.deinitialize(count: 1)
        unsafe stream.deallocate()
    }

    mutating func reset() {
        // SAFETY: the stream lives as long as `self`.
        _ = unsafe inflateReset(stream)
    }

    /// Whether the last input ended exactly with a block: zlib.h, `inflate`: the count of unused
    /// bits is in `data_type`, 64 is added in the last block, and 128 right behind a block.
    var isAtBoundary: Bool {
        // SAFETY: the stream lives as long as `self`.
        unsafe isAfterFinalBlock || stream.pointee.data_type & 0xBF == 128
    }

    mutating func unmaskAndInflate(
        _ payload: Span<UInt8>, key: UInt32, into target: inout InflateTarget
    ) throws(ProtocolViolation) {
        guard key != 0 else { return try inflate(payload, into: &target) }
        var key = key
        var offset = 0
        while offset < payload.count {
            let count = min(Self.pieceBytes, payload.count - offset)
            unmasked.removeAll(keepingCapacity: true)
            _ = MaskKernel.append(
                payload.extracting(offset..<(offset + count)), key: key, to: &unmasked)
            key = MaskKernel.advance(key, by: count)
            offset += count
            var piece: [UInt8] = []
            swap(&piece, &unmasked)
            defer { swap(&piece, &unmasked) }
            try inflate(piece.span, into: &target)
        }
    }

    private mutating func inflate(
        _ input: Span<UInt8>, into target: inout InflateTarget
    ) throws(ProtocolViolation) {
        var taken = 0
        var isDone = false
        while !isDone {
            let start = target.bytes.count
            let room = target.makeRoom()
            let step = step(input.extracting(taken...), room: room, into: &target.bytes)
            taken += step.taken
            isAfterFinalBlock = false
            try target.check(from: start)
            switch step.status {
            case Z_OK, Z_BUF_ERROR:
                // Output that fills its room may have more behind it.
                isDone = taken == input.count && target.bytes.count - start < room
            case Z_STREAM_END:
                // §7.2.3.4, §7.2.3.5: a block with BFINAL set does not end the message, nor the
                // window: the next block begins at the next byte.
                // SAFETY: the stream lives as long as `self`.
                guard unsafe inflateResetKeep(stream) == Z_OK else { throw .invalidDeflate }
                isDone = taken == input.count
                isAfterFinalBlock = isDone
            default:
                throw .invalidDeflate
            }
        }
    }

    private mutating func step(
        _ input: Span<UInt8>, room: Int, into bytes: inout [UInt8]
    ) -> (status: Int32, taken: Int) {
        let stream = unsafe stream
        var status = Z_OK
        // SAFETY: zlib reads the input and writes the output only within these closures, as far as
        // the counts beside the pointers; it never writes through `next_in`.
        let left = unsafe input.withUnsafeBufferPointer { source in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(source.count)
            bytes.append(addingCapacity: room) { free in
                unsafe free.withUnsafeMutableBufferPointer { buffer, count in
                    unsafe stream.pointee.next_out = buffer.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(room)
                    status = unsafe CZlib.inflate(stream, Z_SYNC_FLUSH)
                    unsafe count = room - Int(stream.pointee.avail_out)
                }
            }
            unsafe stream.pointee.next_in = nil
            unsafe stream.pointee.next_out = nil
            return unsafe Int(stream.pointee.avail_in)
        }
        return (status, input.count - left)
    }
}
