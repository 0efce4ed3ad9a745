/// Strings of JSON texts, RFC 8259 §7.
enum JSONString {
    /// Reads from behind the opening quote to behind the closing one.
    static func parse(
        _ input: Span<UInt8>, _ offset: inout Int
    ) throws(JSON.ParseError) -> String {
        let start = offset
        let end = try plainEnd(input, from: start)
        if input[end] == UInt8(ascii: "\"") {
            offset = end + 1
            return try text(input, start..<end)
        }
        return try parseEscaped(input, &offset, firstEscape: end)
    }

    private static func parseEscaped(
        _ input: Span<UInt8>, _ offset: inout Int, firstEscape: Int
    ) throws(JSON.ParseError) -> String {
        let start = offset
        var unescaped = [UInt8]()
        var end = firstEscape
        append(input, start..<end, to: &unescaped)
        while input[end] == UInt8(ascii: "\\") {
            offset = end
            try parseEscape(input, &offset, into: &unescaped)
            end = try plainEnd(input, from: offset)
            append(input, offset..<end, to: &unescaped)
        }
        // Escapes are ASCII and stand for whole scalars: the raw text is valid exactly when the
        // unescaped one is, and its offsets are the ones to report.
        try validate(input, start..<end)
        offset = end + 1
        return String(decoding: unescaped, as: UTF8.self)
    }

    /// The next quote or backslash.
    @inline(__always)
    private static func plainEnd(
        _ input: Span<UInt8>, from start: Int
    ) throws(JSON.ParseError) -> Int {
        var index = start
        while index < input.count {
            let byte = input[index]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return index }
            if byte < 0x20 { throw .controlCharacter(at: index) }
            index += 1
        }
        throw .unexpectedEnd(at: index)
    }

    private static func parseEscape(
        _ input: Span<UInt8>, _ offset: inout Int, into bytes: inout [UInt8]
    ) throws(JSON.ParseError) {
        let start = offset
        guard start + 1 < input.count else { throw .unexpectedEnd(at: input.count) }
        offset += 2
        switch input[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            bytes.append(input[start + 1])
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): append(try scalar(input, &offset, escape: start), to: &bytes)
        default: throw .malformedEscape(at: start)
        }
    }

    /// RFC 8259 §7: beyond the basic plane a scalar is two escapes, a UTF-16 surrogate pair.
    private static func scalar(
        _ input: Span<UInt8>, _ offset: inout Int, escape: Int
    ) throws(JSON.ParseError) -> Unicode.Scalar {
        let high = try codeUnit(input, &offset, escape: escape)
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard high < 0xDC00, offset + 1 < input.count, input[offset] == UInt8(ascii: "\\"),
            input[offset + 1] == UInt8(ascii: "u")
        else { throw .loneSurrogate(at: escape) }
        let second = offset
        offset += 2
        let low = try codeUnit(input, &offset, escape: second)
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(
                0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
        else { throw .loneSurrogate(at: escape) }
        return scalar
    }

    private static func codeUnit(
        _ input: Span<UInt8>, _ offset: inout Int, escape: Int
    ) throws(JSON.ParseError) -> UInt16 {
        guard offset + 4 <= input.count else { throw .unexpectedEnd(at: input.count) }
        var unit: UInt16 = 0
        for index in offset..<offset + 4 {
            guard let digit = hexDigit(input[index]) else { throw .malformedEscape(at: escape) }
            unit = unit << 4 | digit
        }
        offset += 4
        return unit
    }

    private static func hexDigit(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
    }

    private static func append(
        _ input: Span<UInt8>, _ range: Range<Int>, to bytes: inout [UInt8]
    ) {
        for index in range { bytes.append(input[index]) }
    }

    private static func text(
        _ input: Span<UInt8>, _ range: Range<Int>
    ) throws(JSON.ParseError) -> String {
        do {
            return String(copying: try UTF8Span(validating: input.extracting(range)))
        } catch {
            throw .malformedUTF8(at: range.lowerBound + error.byteOffsets.lowerBound)
        }
    }

    private static func validate(
        _ input: Span<UInt8>, _ range: Range<Int>
    ) throws(JSON.ParseError) {
        do {
            _ = try UTF8Span(validating: input.extracting(range))
        } catch {
            throw .malformedUTF8(at: range.lowerBound + error.byteOffsets.lowerBound)
        }
    }

    /// Quoted, with the escapes of RFC 8785 §3.2.2.2: only what must be escaped.
    static func write(_ string: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if string.utf8.allSatisfy({ !needsEscape($0) }) {
            bytes.append(contentsOf: string.utf8)
        } else {
            for byte in string.utf8 { writeEscaped(byte, to: &bytes) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    @inline(__always)
    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func writeEscaped(_ byte: UInt8, to bytes: inout [UInt8]) {
        guard needsEscape(byte) else { return bytes.append(byte) }
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0..<0x20:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(UInt8(ascii: "0") + byte >> 4)
            bytes.append(contentsOf: String(byte & 0xF, radix: 16).utf8)
        default: bytes.append(byte)
        }
    }
}
