/// What a peer may make us hold for one message.
package struct ParserLimits: Sendable, Equatable {
    /// Request or status line without CRLF. RFC 9112 §3 recommends at least 8,000.
    package var startLineBytesMax: Int
    /// One field line without CRLF.
    package var headerLineBytesMax: Int
    /// Field lines of a head, and of a trailer section.
    package var headerCountMax: Int
    /// The whole head with its line ends; the same again for a trailer section.
    package var headBytesMax: Int
    /// The body, after chunked decoding.
    package var bodyBytesMax: Int
    /// A chunk's size line with its extensions (RFC 9112 §7.1.1: a server ought to limit them).
    package var chunkLineBytesMax: Int

    package init(
        startLineBytesMax: Int = 8_192, headerLineBytesMax: Int = 8_192, headerCountMax: Int = 100,
        headBytesMax: Int = 32_768, bodyBytesMax: Int = 1_048_576, chunkLineBytesMax: Int = 256
    ) {
        precondition(startLineBytesMax <= headBytesMax && headerLineBytesMax <= headBytesMax)
        precondition(headerCountMax > 0 && bodyBytesMax >= 0 && chunkLineBytesMax >= 16)
        self.startLineBytesMax = startLineBytesMax
        self.headerLineBytesMax = headerLineBytesMax
        self.headerCountMax = headerCountMax
        self.headBytesMax = headBytesMax
        self.bodyBytesMax = bodyBytesMax
        self.chunkLineBytesMax = chunkLineBytesMax
    }
}
