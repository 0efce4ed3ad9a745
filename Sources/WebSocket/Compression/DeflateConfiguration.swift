/// How this side wants to compress, for any number of connections (RFC 7692).
///
/// They share the pool: make one configuration for each event loop, or use `.standard` everywhere.
package struct DeflateConfiguration: Hashable, Sendable {
    /// One that the whole process may share.
    package static let standard = DeflateConfiguration()

    /// The most that each side may use. As a server: what is answered unless the client asks for
    /// less. As a client: what is offered.
    package let limits: DeflateParameters
    /// Payloads below are sent as they are: deflate saves little on them, and costs time.
    package let messageBytesMin: Int
    /// zlib's, 1 (fast) to 9 (small).
    let level: Int
    /// zlib's, 1...9: the compressor's hash table has `1 << (memoryLevel + 7)` entries.
    let memoryLevel: Int
    let pool: CodecPool

    /// - Parameters:
    ///   - limits: as it stands nobody takes a context over. So a broadcast is compressed once, and
    ///     a connection keeps neither window (up to 44 KiB to inflate and 152 KiB to deflate, see
    ///     `MessageCodec`) between messages.
    ///   - idleCodecsMax: compressors, and decompressors, that wait for the next message.
    package init(
        limits: DeflateParameters = DeflateParameters(
            serverNoContextTakeover: true, clientNoContextTakeover: true),
        messageBytesMin: Int = 256, level: Int = 1, memoryLevel: Int = 5, idleCodecsMax: Int = 4
    ) {
        precondition(messageBytesMin >= 0 && idleCodecsMax >= 0, "not negative")
        precondition((1...9).contains(level) && (1...9).contains(memoryLevel), "1...9")
        self.limits = limits
        self.messageBytesMin = messageBytesMin
        self.level = level
        self.memoryLevel = memoryLevel
        pool = CodecPool(idleMax: idleCodecsMax)
    }

    /// A compressor without context whose references reach back at most `1 << windowBits` bytes.
    ///
    /// - Parameter payloadBytes: a window that holds the whole payload is as good as any larger.
    func takeDeflater(windowBits: Int, payloadBytes: Int) -> Deflater {
        let largest = limits.serverMaxWindowBits
        let bits = payloadBytes <= 1 << windowBits ? max(windowBits, largest) : windowBits
        return pool.takeDeflater(windowBits: bits)
            ?? Deflater(
                windowBits: bits, level: level, memoryLevel: memoryLevel,
                keptBytesMax: CodecPool.keptBytesMax)
    }
}
