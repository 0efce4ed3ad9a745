/// Where a body ends (RFC 9112 §6.3).
enum BodyFraming: Sendable, Equatable {
    case none
    case length(Int)
    case chunked
    /// Responses only: up to the end of the connection.
    case untilClose

    /// The framing that the fields ask for; `none` when they say nothing.
    init(headers: HeaderFields, version: Version, limits: ParserLimits) throws(ParseError) {
        let hasLength = headers.contains("Content-Length")
        if headers.contains("Transfer-Encoding") {
            guard !hasLength else { throw .contentLengthWithTransferEncoding }
            guard version == .http11 else { throw .badTransferEncoding }
            self = try Self.transferEncoding(headers.elements(of: "Transfer-Encoding"))
        } else if hasLength {
            self = try Self.contentLength(headers, limits: limits)
        } else {
            self = .none
        }
    }

    private static func transferEncoding(_ codings: [String]) throws(ParseError) -> BodyFraming {
        // RFC 9112 §6.3: the length cannot be known unless chunked comes last, and §7.1: once.
        guard let last = codings.last, Characters.equalIgnoringCase(last, "chunked") else {
            throw .badTransferEncoding
        }
        for coding in codings.dropLast() where Characters.equalIgnoringCase(coding, "chunked") {
            throw .badTransferEncoding
        }
        guard codings.count == 1 else { throw .unsupportedTransferCoding }
        return .chunked
    }

    /// RFC 9110 §8.6: equal repetitions may be taken as one.
    private static func contentLength(
        _ headers: HeaderFields, limits: ParserLimits
    ) throws(ParseError) -> BodyFraming {
        var length: Int?
        for value in headers.values(of: "Content-Length") {
            for part in value.utf8.split(separator: 0x2C, omittingEmptySubsequences: false) {
                let number = try decimal(Characters.trimmed(Substring(part)))
                guard length == nil || length == number else { throw .conflictingContentLength }
                length = number
            }
        }
        guard let length else { throw .badContentLength }
        guard length <= limits.bodyBytesMax else { throw .bodyTooLarge }
        return length == 0 ? .none : .length(length)
    }

    /// `1*DIGIT`, and nothing that `Int.init` takes beyond it. A number that no `Int` holds is a
    /// body too large, not a bad number.
    private static func decimal(_ text: Substring) throws(ParseError) -> Int {
        guard !text.isEmpty else { throw .badContentLength }
        var number = 0
        var overflowed = false
        for byte in text.utf8 {
            guard let digit = Characters.digit(byte) else { throw .badContentLength }
            let (product, over) = number.multipliedReportingOverflow(by: 10)
            let (sum, overSum) = product.addingReportingOverflow(digit)
            overflowed = overflowed || over || overSum
            number = sum
        }
        guard !overflowed else { throw .bodyTooLarge }
        return number
    }
}
