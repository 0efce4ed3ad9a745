import CZlib

/// The raw deflate stream of zlib, freed once, in `deinit`.
@safe
struct DeflateState: ~Copyable {
    private static let stepBytesMax = 16_384
    /// More than the flush needs at the end: zlib.h, `deflate`, wants more than 6.
    private static let stepBytesMin = 64

    /// At a fixed address, for zlib keeps a pointer back to it.
    private let stream: UnsafeMutablePointer<z_stream>
    private(set) var output: [UInt8] = []
    private let keptBytesMax: Int

    /// - Parameter keptBytesMax: output memory that stays for the next message.
    init(windowBits: Int, level: Int, memoryLevel: Int, keptBytesMax: Int) {
        self.keptBytesMax = keptBytesMax
        // SAFETY: freed in deinit only, which runs once for a type that is not copied.
        unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // Negative: raw deflate, without the head of zlib's format.
        let status = unsafe deflateInit2_(
            stream, Int32(level), Z_DEFLATED, Int32(-windowBits), Int32(memoryLevel),
            Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib has no memory, or is not the one compiled against")
    }

    deinit {
        // SAFETY: made by `init`, and nothing uses it afterwards.
        unsafe deflateEnd(stream)
        unsafe stream.deinitialize(count: 1)
        unsafe stream.deallocate()
    }

    mutating func reset() {
        // SAFETY: the stream lives as long as `self`.
        _ = unsafe deflateReset(stream)
    }

    /// Fills `output`.
    mutating func compress(_ message: Span<UInt8>) {
        output.removeAll(keepingCapacity: true)
        // §7.2.3.6: an empty message is an empty block without compression.
        guard !message.isEmpty else { return output.append(0) }
        // SAFETY: the stream lives as long as `self`. zlib reads `message` and writes the output
        // only within these closures, as far as the counts beside the pointers; it never writes
        // through `next_in`.
        let stream = unsafe stream
        unsafe message.withUnsafeBufferPointer { source in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(source.count)
            // Mostly enough for all.
            var room = min(Self.stepBytesMax, message.count + Self.stepBytesMin)
            repeat {
                room = max(room, output.capacity - output.count)
                output.append(addingCapacity: room) { free in
                    unsafe free.withUnsafeMutableBufferPointer { buffer, count in
                        unsafe stream.pointee.next_out = buffer.baseAddress
                        unsafe stream.pointee.avail_out = UInt32(room)
                        unsafe deflate(stream, Z_SYNC_FLUSH)
                        unsafe count = room - Int(stream.pointee.avail_out)
                    }
                }
            } while unsafe stream.pointee.avail_out == 0
            unsafe stream.pointee.next_in = nil
            unsafe stream.pointee.next_out = nil
        }
        // §7.2.1: the four bytes that every flush ends with are not sent.
        output.removeLast(4)
    }

    mutating func trim() {
        if output.capacity > keptBytesMax { output = [] }
    }
}
