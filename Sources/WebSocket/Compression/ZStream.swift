import CZlib

/// A raw deflate stream of zlib, in one direction, freed once, in `deinit`.
@safe
struct ZStream: ~Copyable {
    /// At a fixed address, for zlib keeps a pointer back to it.
    private let stream: UnsafeMutablePointer<z_stream>
    private let isDeflating: Bool

    // Window bits are negative: raw deflate, without the head of zlib's format.

    init(deflatingWith windowBits: Int, level: Int, memoryLevel: Int) {
        self.init(isDeflating: true)
        // SAFETY: the stream was made above; zlib keeps its address, which does not change.
        let status = unsafe deflateInit2_(
            stream, Int32(level), Z_DEFLATED, Int32(-windowBits), Int32(memoryLevel),
            Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib has no memory, or is not the one compiled against")
    }

    init(inflatingWith windowBits: Int) {
        self.init(isDeflating: false)
        // SAFETY: the stream was made above; zlib keeps its address, which does not change.
        let status = unsafe inflateInit2_(
            stream, Int32(-windowBits), ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib has no memory, or is not the one compiled against")
    }

    private init(isDeflating: Bool) {
        // SAFETY: freed in deinit only, which runs once for a type that is not copied.
        unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        self.isDeflating = isDeflating
    }

    deinit {
        // SAFETY: made by `init`, and nothing uses it afterwards.
        _ = unsafe isDeflating ? deflateEnd(stream) : inflateEnd(stream)
        unsafe stream.deinitialize(count: 1)
        unsafe stream.deallocate()
    }

    /// Forgets the window.
    func reset() {
        // SAFETY: the stream lives as long as `self`.
        _ = unsafe isDeflating ? deflateReset(stream) : inflateReset(stream)
    }

    /// Goes on behind the last block, with the window.
    ///
    /// - Returns: whether it could.
    func resetKeepingWindow() -> Bool {
        // SAFETY: the stream lives as long as `self`.
        unsafe inflateResetKeep(stream) == Z_OK
    }

    /// Whether the last input ended exactly with a block: zlib.h, `inflate`: the count of unused
    /// bits is in `data_type`, 64 is added in the last block, and 128 right behind a block.
    var isAtBoundary: Bool {
        // SAFETY: the stream lives as long as `self`.
        unsafe stream.pointee.data_type & 0xBF == 128
    }

    /// Takes input as far as `room` bytes more of output go.
    func step(
        _ input: Span<UInt8>, room: Int, into output: inout [UInt8]
    ) -> (status: Int32, taken: Int) {
        // SAFETY: the stream lives as long as `self`. zlib reads the input and writes the output
        // only within these closures, as far as the counts beside the pointers; it never writes
        // through `next_in`.
        let stream = unsafe stream
        let isDeflating = isDeflating
        var status = Z_OK
        let left = unsafe input.withUnsafeBufferPointer { source in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(source.count)
            output.append(addingCapacity: room) { free in
                unsafe free.withUnsafeMutableBufferPointer { buffer, count in
                    unsafe stream.pointee.next_out = buffer.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(room)
                    status =
                        unsafe isDeflating
                        ? deflate(stream, Z_SYNC_FLUSH) : inflate(stream, Z_SYNC_FLUSH)
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
