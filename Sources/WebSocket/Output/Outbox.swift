/// Bytes waiting for the socket: a bounded queue of chunks.
///
/// A chunk is either shared (a broadcast frame, held by many connections and never copied) or the
/// connection's own, to which small frames are added so that many leave in one write.
package struct Outbox: ~Copyable, Sendable {
    /// Own frames are gathered into chunks up to this size.
    private static let gatheredBytesMax = 16_384
    /// A connection without a loop's memory keeps at most this much of a written chunk.
    private static let spareBytesMax = 2_048
    /// Places of chunks that are kept when all are written, and of those that are gone.
    private static let keptChunksMax = 64

    /// The first is partly written; those before `head` are gone. When nothing waits, none or one:
    /// an own one, the memory for the next frame.
    private var chunks: [[UInt8]] = []
    private var head = 0
    /// Whether frames may be added to the last chunk.
    private var lastIsOwn = false
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
    package var chunkCount: Int { isEmpty ? 0 : chunks.count - head }

    /// Chunk `index` of those waiting; the first without looking at `firstOffset`.
    package func chunk(_ index: Int) -> [UInt8] {
        chunks[head + index]
    }

    /// The first chunks, at most `count`, for a vectored write: skip `firstOffset` bytes of the
    /// first. Let go of the slice before `consume`, or the queue is copied.
    package func firstChunks(_ count: Int) -> ArraySlice<[UInt8]> {
        chunks[head..<(head + min(count, chunkCount))]
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

    @inline(__always)
    mutating func borrow(from spares: inout SpareBuffers) {
        guard isEmpty else { return }
        if chunks.isEmpty {
            chunks.append(spares.take())
            lastIsOwn = true
        } else if chunks[0].capacity == 0 {
            chunks[0] = spares.take()
        }
    }

    @inline(__always)
    mutating func giveBack(to spares: inout SpareBuffers) {
        guard isEmpty, lastIsOwn, chunks[0].capacity > 0 else { return }
        var gone: [UInt8] = []
        swap(&gone, &chunks[0])
        spares.put(gone)
    }

    mutating func trimSpare() {
        if isEmpty, lastIsOwn, chunks[0].capacity > Self.spareBytesMax { chunks[0] = [] }
    }

    mutating func releaseSpare() {
        if isEmpty { removeAll() }
    }

    func hasRoom(forBytes bytes: Int) -> Bool {
        bytes <= hardMarkBytes - byteCount && chunkCount < chunksMax
    }

    /// Adds a chunk that others may hold too. The caller has asked for room.
    mutating func append(shared chunk: [UInt8]) {
        guard !chunk.isEmpty else { return }
        if isEmpty { chunks.removeAll(keepingCapacity: true) }
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
        if lastIsOwn {
            let last = chunks.count - 1
            if isEmpty, chunks[last].capacity < bytes { chunks[last].reserveCapacity(bytes) }
            if isEmpty || chunks[last].count + bytes <= Self.gatheredBytesMax { return last }
        }
        var chunk: [UInt8] = []
        chunk.reserveCapacity(bytes)
        chunks.append(chunk)
        lastIsOwn = true
        return chunks.count - 1
    }

    @inline(__always)
    private mutating func dropFirstChunk() {
        firstOffset = 0
        if chunks.count == 1, lastIsOwn {
            chunks[0].removeAll(keepingCapacity: true)
        } else {
            dropFirstOfSeveral()
        }
    }

    private mutating func dropFirstOfSeveral() {
        var gone: [UInt8] = []
        swap(&gone, &chunks[head])
        head += 1
        if head == chunks.count {
            chunks.removeAll(keepingCapacity: chunks.capacity <= Self.keptChunksMax)
            head = 0
            if lastIsOwn {
                gone.removeAll(keepingCapacity: true)
                chunks.append(gone)
            }
        } else if head >= Self.keptChunksMax, head > chunks.count / 2 {
            // Moves fewer chunks than have left since the last time.
            chunks.removeSubrange(..<head)
            head = 0
        }
    }
}
