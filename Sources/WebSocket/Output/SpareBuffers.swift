/// Memory for messages and output that the connections of one event loop take turns with: those
/// that are being served borrow it, so that nothing is allocated and the idle ones hold none.
package struct SpareBuffers: ~Copyable {
    /// As many connections as one turn serves.
    package static let buffersMax = 256
    /// A larger buffer is not kept: at most 8 MiB for each loop.
    package static let bufferBytesMax = 32_768

    private var buffers: [[UInt8]] = []

    package init() {}

    /// An empty buffer; the one that was used last, because it is in the caches.
    mutating func take() -> [UInt8] {
        buffers.isEmpty ? [] : buffers.removeLast()
    }

    /// - Parameter buffer: empty.
    mutating func put(_ buffer: [UInt8]) {
        assert(buffer.isEmpty)
        guard buffer.capacity <= Self.bufferBytesMax, buffers.count < Self.buffersMax else {
            return
        }
        buffers.append(buffer)
    }
}
