/// Bytes waiting for the socket: a bounded queue of chunks.
///
/// A chunk is either shared (a broadcast frame, held by many connections and never copied) or the
/// connection's own, to which small frames are added so that many leave in one write.
package struct Outbox: ~Copyable, Sendable {
    /// Own frames are gathered into chunks up to this size.
    private static let gatheredBytesMax = 16_384
    /// A connection without a loop's memory keeps at most this much of a written chunk.
    private static let spareBytesMax = 2_048

    /// The first is partly written; those before `head` are gone.
    private var chunks: [[UInt8]] = []
    private var head = 0
    /// Whether frames may be added to the last chunk.
    private var lastIsOwn = false
    private var spare: [UInt8] = []
    private let softMarkBytes: Int
    private let hardMarkBytes: Int
    private let chunksMax: Int

    /// Bytes of the first chunk that are already written.
    package private(set) var firstOffset = 0
    /// Bytes not yet written.
    package private(set) var byteCount = 0

    init(limits: ConnectionLimits) {
        softMarkBytes = limits.outboxSoftMarkBytes
        hardMarkBytes = limits.outboxHardMarkBytes
        chunksMax = limits.outboxChunksMax
    }

    package var isEmpty: Bool { byteCount == 0 }
    package var isAboveSoftMark: Bool { byteCount > softMarkBytes }
    package var chunkCount: Int { chunks.count - head }

    /// Chunk `index` of those waiting; the first without looking at `firstOffset`.
    package func chunk(_ index: Int) -> [UInt8] {
        chunks[head + index]
    }

    /// The first chunks, at most `count`, for a vectored write: skip `firstOffset` bytes of the
    /// first. Let go of the slice before `consume`, or the queue is copied.
    package func firstChunks(_ count: Int) -> ArraySlice<[UInt8]> {
        chunks[head..<min(chunks.count, head + count)]
    }

    /// Takes away what the socket accepted.
    ///
    /// - Parameter bytes: 0...`byteCount`.
    mutating func consume(bytes: Int) {
        precondition((0...byteCount).contains(bytes), "more written than there was")
        byteCount -= bytes
        var left = bytes
        while left > 0 {
            let rest = chunks[head].count - firstOffset
            guard left >= rest else {
                firstOffset += left
                return
            }
            left -= rest
            dropFirstChunk()
        }
    }

    /// Forgets what has not begun to leave. A chunk that is partly written stays whole: cutting it
    /// would break the framing.
    mutating func discardUnsent() {
        guard firstOffset > 0 else { return removeAll() }
        chunks.removeSubrange((head + 1)...)
        lastIsOwn = false
        byteCount = chunks[head].count - firstOffset
    }

    mutating func removeAll() {
        chunks = []
        head = 0
        firstOffset = 0
        byteCount = 0
        lastIsOwn = false
    }

    mutating func borrow(from spares: inout SpareBuffers) {
        if spare.capacity == 0, !lastIsOwn { spare = spares.take() }
    }

    mutating func giveBack(to spares: inout SpareBuffers) {
        guard spare.capacity > 0 else { return }
        var gone: [UInt8] = []
        swap(&gone, &spare)
        spares.put(gone)
    }

    mutating func trimSpare() {
        if spare.capacity > Self.spareBytesMax { spare = [] }
    }

    mutating func releaseSpare() {
        spare = []
        if isEmpty { removeAll() }
    }

    func hasRoom(forBytes bytes: Int) -> Bool {
        bytes <= hardMarkBytes - byteCount && chunkCount < chunksMax
    }

    /// Adds a chunk that others may hold too. The caller has asked for room.
    mutating func append(shared chunk: [UInt8]) {
        guard !chunk.isEmpty else { return }
        byteCount += chunk.count
        chunks.append(chunk)
        lastIsOwn = false
    }

    /// Adds a frame to the connection's own chunk. The caller has asked for room, or the frame is a
    /// control frame, which always has it.
    @inline(__always)
    mutating func append(
        _ opcode: Opcode, _ payload: Span<UInt8>, isCompressed: Bool = false, maskKey: UInt32?
    ) {
        let bytes = Frame.byteCount(payload: payload.count, isMasked: maskKey != nil)
        let last = ownChunk(adding: bytes)
        Frame.append(
            opcode, payload, isCompressed: isCompressed, maskKey: maskKey, to: &chunks[last])
        byteCount += bytes
    }

    /// The index of the chunk to which so many bytes can be added.
    @inline(__always)
    private mutating func ownChunk(adding bytes: Int) -> Int {
        if lastIsOwn, chunks[chunks.count - 1].count + bytes <= Self.gatheredBytesMax {
            return chunks.count - 1
        }
        var chunk: [UInt8] = []
        swap(&chunk, &spare)
        chunk.reserveCapacity(bytes)
        chunks.append(chunk)
        lastIsOwn = true
        return chunks.count - 1
    }

    private mutating func dropFirstChunk() {
        firstOffset = 0
        var gone: [UInt8] = []
        swap(&gone, &chunks[head])
        head += 1
        if head == chunks.count {
            if lastIsOwn {
                gone.removeAll(keepingCapacity: true)
                swap(&gone, &spare)
            }
            lastIsOwn = false
            chunks.removeAll(keepingCapacity: chunks.capacity <= 64)
            head = 0
        } else if head >= 64, head > chunks.count / 2 {
            // Moves fewer chunks than have left since the last time.
            chunks.removeSubrange(..<head)
            head = 0
        }
    }
}
