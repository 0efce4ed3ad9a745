/// Cuts chunks into the plain texts of records: small chunks share one, large ones are lent as they
/// are.
struct RecordCursor {
    private var chunks: ArraySlice<[UInt8]>
    private var offset: Int
    private var gathered: [UInt8] = []

    init(_ chunks: ArraySlice<[UInt8]>, firstOffset: Int) {
        self.chunks = chunks
        offset = firstOffset
    }

    /// Gives up to a record's bytes to `body` and moves past them; nil when none are left. `body`
    /// takes all of them, or the cursor is given up.
    mutating func withNextRecord<Result>(
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        let limit = TLSSession.recordBytesMax
        while let chunk = chunks.first, offset >= chunk.count { next() }
        guard let first = chunks.first else { return nil }
        if first.count - offset >= limit || chunks.count == 1 {
            let range = offset..<min(first.count, offset + limit)
            offset = range.upperBound
            // SAFETY: lent while the chunk is borrowed.
            return unsafe first.withUnsafeBytes { bytes in
                unsafe body(UnsafeRawBufferPointer(rebasing: bytes[range]))
            }
        }
        gathered.removeAll(keepingCapacity: true)
        while let chunk = chunks.first, gathered.count < limit {
            let end = min(chunk.count, offset + limit - gathered.count)
            gathered += chunk[offset..<end]
            offset = end
            if offset == chunk.count { next() }
        }
        // SAFETY: lent while the array is borrowed.
        return unsafe gathered.withUnsafeBytes { unsafe body($0) }
    }

    private mutating func next() {
        chunks.removeFirst()
        offset = 0
    }
}
