/// Why bytes are not a message that we accept. The connection cannot be used again after one:
/// nobody knows where the next message would begin.
package enum ParseError: Error, Hashable, Sendable, CaseIterable {
    /// RFC 9112 §2.2: a bare CR or a bare LF. Lenient readings are how requests are smuggled.
    case badLineEnd
    case badRequestLine
    case badStatusLine
    case badMethod
    case badTarget
    case badVersion
    case unsupportedVersion
    /// We are no proxy (RFC 9110 §9.3.6).
    case connectUnsupported
    case startLineTooLong
    case badFieldName
    case badFieldValue
    /// RFC 9112 §5.2: a line that begins with white space.
    case obsoleteLineFolding
    case headerLineTooLong
    case tooManyHeaders
    case headTooLarge
    /// RFC 9112 §3.2: missing with HTTP/1.1, more than one, or not a host.
    case badHost
    case badContentLength
    /// RFC 9112 §6.3: two lengths that differ.
    case conflictingContentLength
    /// RFC 9112 §6.1: both, the classic of request smuggling.
    case contentLengthWithTransferEncoding
    /// RFC 9112 §6.1: not `chunked` last, twice, or in HTTP/1.0.
    case badTransferEncoding
    case unsupportedTransferCoding
    /// An HTTP/1.0 request with a method that carries a body, but without a length.
    case lengthRequired
    case unsupportedExpectation
    case badChunk
    case chunkLineTooLong
    case bodyTooLarge
    /// The peer closed in the middle of a message (RFC 9112 §8).
    case incomplete

    /// What a server answers, with `Connection: close`.
    package var status: Status {
        switch self {
        case .unsupportedVersion: .versionNotSupported
        case .connectUnsupported, .unsupportedTransferCoding: .notImplemented
        case .startLineTooLong: .uriTooLong
        case .headerLineTooLong, .tooManyHeaders, .headTooLarge: .headerFieldsTooLarge
        case .lengthRequired: .lengthRequired
        case .bodyTooLarge: .contentTooLarge
        case .unsupportedExpectation: .expectationFailed
        case .badLineEnd, .badRequestLine, .badStatusLine, .badMethod, .badTarget, .badVersion,
            .badFieldName, .badFieldValue, .obsoleteLineFolding, .badHost, .badContentLength,
            .conflictingContentLength, .contentLengthWithTransferEncoding, .badTransferEncoding,
            .badChunk, .chunkLineTooLong, .incomplete:
            .badRequest
        }
    }
}
