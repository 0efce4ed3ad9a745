import CZlib
import Synchronization

/// A compressor of messages (RFC 7692 §7.2.1). Its window stays from one to the next until `reset`.
final class Deflater: Sendable {
    let windowBits: Int
    private let state: Mutex<DeflateState>

    /// Costs zlib's `(1 << (windowBits + 2)) + (1 << (memoryLevel + 9))` bytes and about 6 KiB.
    init(windowBits: Int, level: Int, memoryLevel: Int) {
        self.windowBits = windowBits
        state = Mutex(
            DeflateState(windowBits: windowBits, level: level, memoryLevel: memoryLevel))
    }

    /// Forgets the window, so that what comes refers to nothing before.
    func reset() {
        state.withLock { $0.reset() }
    }

    /// Compresses one message and hands the payload of its frames to `body`.
    func compress<Result: Sendable>(
        _ message: Span<UInt8>, _ body: (Span<UInt8>) -> Result
    ) -> Result {
        state.withLock { state in
            state.compress(message)
            let result = body(state.output.span)
            state.trim()
            return result
        }
    }
}

/// The raw deflate stream of zlib, freed once, in `deinit`.
@safe
private struct DeflateState: ~Copyable {
    /// Output memory that stays for the next message.
    private static let keptBytesMax = 16_384
    private static let stepBytes = 16_384

    /// At a fixed address, for zlib keeps a pointer back to it.
    private let stream: UnsafeMutablePointer<z_stream>
    private(set) var output: [UInt8] = []

    init(windowBits: Int, level: Int, memoryLevel: Int) {
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
        let stream = unsafe stream
        // SAFETY: zlib reads `message` and writes the output only within these closures, as far as
        // the counts beside the pointers; it never writes through `next_in`.
        unsafe message.withUnsafeBufferPointer { source in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(source.count)
            var room = 0
            repeat {
                room = max(Self.stepBytes, output.capacity - output.count)
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
        if output.capacity > Self.keptBytesMax * 2 { output = [] }
    }
}
