import CZlib

/// The decompressor's side of a stream, which unmasks on the way.
struct InflateState: ~Copyable {
    private static let pieceBytes = 4_096

    private let stream: ZStream
    private var unmasked: [UInt8] = []
    private var isAfterFinalBlock = false

    init(windowBits: Int) {
        stream = ZStream(inflatingWith: windowBits)
    }

    func reset() { stream.reset() }

    /// Whether the last input ended exactly with a block.
    var isAtBoundary: Bool { isAfterFinalBlock || stream.isAtBoundary }

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
            let step = stream.step(input.extracting(taken...), room: room, into: &target.bytes)
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
                guard stream.resetKeepingWindow() else { throw .invalidDeflate }
                isDone = taken == input.count
                isAfterFinalBlock = isDone
            default:
                throw .invalidDeflate
            }
        }
    }
}
