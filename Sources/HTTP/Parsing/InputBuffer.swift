/// Bytes received and not yet consumed, read through an offset: nothing moves when a line is taken,
/// and each byte is looked at once for its line end however the input is split.
struct InputBuffer: Sendable {
    private var bytes: [UInt8] = []
    /// First byte not consumed.
    private var start = 0
    /// First byte not yet searched for a line feed; `start...bytes.count`.
    private var searched = 0

    var count: Int { bytes.count - start }

    mutating func append(_ input: Span<UInt8>) {
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptBytesMax)
            start = 0
            searched = 0
        } else if start > bytes.count / 2 {
            // Moves less than was consumed since the last time: linear over the whole input.
            bytes.removeSubrange(..<start)
            searched -= start
            start = 0
        }
        // SAFETY: the pointer is used for one copy while the span is borrowed.
        unsafe input.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    /// An idle connection keeps at most this much.
    private static let keptBytesMax = 4_096

    /// The next line without its CRLF, consumed; nil when it has not all arrived.
    ///
    /// - Parameters:
    ///   - bytesMax: of the line without CRLF.
    ///   - error: for a line that is longer, thrown as soon as that is certain.
    mutating func takeLine(
        bytesMax: Int, orThrow error: ParseError
    ) throws(ParseError) -> ArraySlice<UInt8>? {
        while searched < bytes.count, bytes[searched] != Characters.lineFeed { searched += 1 }
        // + 1: the carriage return. Before the look at the line's end, so that the same line is
        // refused for the same reason whether its end is here or not.
        guard searched - start <= bytesMax + 1 else { throw error }
        guard searched < bytes.count else { return nil }
        let end = searched - 1
        guard end >= start, bytes[end] == Characters.carriageReturn else { throw .badLineEnd }
        let line = bytes[start..<end]
        searched += 1
        start = searched
        return line
    }

    /// Moves up to `limit` bytes behind `body`.
    ///
    /// - Returns: how many there were.
    mutating func move(upTo limit: Int, into body: inout [UInt8]) -> Int {
        let moved = min(limit, count)
        body.append(contentsOf: bytes[start..<(start + moved)])
        start += moved
        searched = start
        return moved
    }

    mutating func takeAll() -> [UInt8] {
        let rest = start == 0 ? bytes : Array(bytes[start...])
        self = InputBuffer()
        return rest
    }
}
