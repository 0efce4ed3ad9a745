import CZlib

/// The raw deflate stream of zlib, freed once, in `deinit`.
@safe
struct InflateState: ~Copyable {
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
        // SAFETY: the stream lives as long as `self`. zlib reads the input and writes the output
        // only within these closures, as far as the counts beside the pointers; it never writes
        // through `next_in`.
        let stream = unsafe stream
        var status = Z_OK
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
