/// Reads field lines up to the empty line that ends them: a head's, or a trailer section.
struct FieldSection: Sendable {
    private(set) var headers = HeaderFields()
    /// Bytes of the section so far, line ends included; a head counts its start line too.
    private var byteCount: Int

    init(startLineBytes: Int = 0) {
        byteCount = startLineBytes
    }

    /// - Returns: true when the empty line was consumed, false when more input is needed.
    mutating func read(
        from input: inout InputBuffer, limits: ParserLimits
    ) throws(ParseError) -> Bool {
        while true {
            // The nearer of the two limits, whichever way the line arrives; 2: its CRLF.
            let leftBytes = limits.headBytesMax - byteCount - 2
            let isHeadNearer = leftBytes < limits.headerLineBytesMax
            guard
                let line = try input.takeLine(
                    bytesMax: min(leftBytes, limits.headerLineBytesMax),
                    orThrow: isHeadNearer ? .headTooLarge : .headerLineTooLong)
            else { return false }
            byteCount += line.count + 2
            if line.isEmpty { return true }
            guard headers.count < limits.headerCountMax else { throw .tooManyHeaders }
            headers.appendParsed(try Self.field(line))
        }
    }

    /// RFC 9112 §5: `field-name ":" OWS field-value OWS`.
    private static func field(_ line: ArraySlice<UInt8>) throws(ParseError) -> HeaderFields.Field {
        // RFC 9112 §5.2
        guard line.first != Characters.space, line.first != Characters.tab else {
            throw .obsoleteLineFolding
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .badFieldName }
        let name = line[..<colon]
        // RFC 9112 §5.1: no white space between the name and the colon; it is no token character.
        guard !name.isEmpty, name.allSatisfy(Characters.isTokenByte) else { throw .badFieldName }
        let value = line[(colon + 1)...]
        guard value.allSatisfy(Characters.isFieldValueByte) else { throw .badFieldValue }
        // RFC 9110 §5.5: bytes above ASCII are opaque; what is not UTF-8 becomes U+FFFD here.
        return HeaderFields.Field(
            name: String(decoding: name, as: UTF8.self),
            value: String(Characters.trimmed(Substring(decoding: value, as: UTF8.self))))
    }
}
