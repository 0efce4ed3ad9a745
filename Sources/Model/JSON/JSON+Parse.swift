extension JSON {
    /// Reads one JSON text (RFC 8259), strictly: no byte order mark, nothing after the value,
    /// valid UTF-8, no lone surrogates, no key twice in one object.
    package static func parse(
        _ bytes: [UInt8], limits: Limits = Limits()
    ) throws(ParseError) -> JSON {
        try parse(bytes.span, limits: limits)
    }

    /// As ``parse(_:limits:)-([UInt8],_)``, of borrowed bytes.
    package static func parse(
        _ bytes: Span<UInt8>, limits: Limits = Limits()
    ) throws(ParseError) -> JSON {
        guard bytes.count <= limits.bytesMax else {
            throw .tooManyBytes(bytesMax: limits.bytesMax)
        }
        var parser = Parser(limits: limits)
        return try parser.document(bytes)
    }
}

/// Recursive descent over borrowed bytes; `Limits.depthMax` bounds the recursion.
///
/// The input is a parameter of every function, as a struct that stores a span cannot be written
/// without experimental features of the compiler.
private struct Parser {
    let limits: JSON.Limits
    var offset = 0
    var values = 0

    init(limits: JSON.Limits) {
        self.limits = limits
    }

    mutating func document(_ input: Span<UInt8>) throws(JSON.ParseError) -> JSON {
        let value = try value(input, depth: 0)
        skipSpace(input)
        guard offset == input.count else { throw .trailingBytes(at: offset) }
        return value
    }

    private mutating func value(
        _ input: Span<UInt8>, depth: Int
    ) throws(JSON.ParseError) -> JSON {
        let byte = try nextToken(input)
        values += 1
        guard values <= limits.valuesMax else {
            throw .tooManyValues(valuesMax: limits.valuesMax, at: offset)
        }
        switch byte {
        case UInt8(ascii: "\""):
            return .string(try string(input))
        case UInt8(ascii: "{"):
            return .object(try object(input, depth: depth + 1))
        case UInt8(ascii: "["):
            return .array(try array(input, depth: depth + 1))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return try JSONNumber.parse(input, &offset)
        case UInt8(ascii: "t"):
            try word("true", input)
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false", input)
            return .bool(false)
        case UInt8(ascii: "n"):
            try word("null", input)
            return .null
        default:
            throw .unexpectedByte(byte, at: offset)
        }
    }

    private mutating func object(
        _ input: Span<UInt8>, depth: Int
    ) throws(JSON.ParseError) -> JSON.Object {
        try enter(depth)
        var object = JSON.Object()
        var seen: Set<ExactString> = []
        if try nextToken(input) == UInt8(ascii: "}") {
            offset += 1
            return object
        }
        while true {
            let first = try nextToken(input)
            guard first == UInt8(ascii: "\"") else { throw .unexpectedByte(first, at: offset) }
            let keyOffset = offset
            let key = try string(input)
            guard isNew(key, in: object, &seen) else { throw .duplicateKey(key, at: keyOffset) }
            let colon = try nextToken(input)
            guard colon == UInt8(ascii: ":") else { throw .unexpectedByte(colon, at: offset) }
            offset += 1
            object.append(new: key, try value(input, depth: depth))
            if try endsList(input, with: UInt8(ascii: "}")) { return object }
        }
    }

    private mutating func array(
        _ input: Span<UInt8>, depth: Int
    ) throws(JSON.ParseError) -> [JSON] {
        try enter(depth)
        var array: [JSON] = []
        if try nextToken(input) == UInt8(ascii: "]") {
            offset += 1
            return array
        }
        while true {
            array.append(try value(input, depth: depth))
            if try endsList(input, with: UInt8(ascii: "]")) { return array }
        }
    }

    private mutating func enter(_ depth: Int) throws(JSON.ParseError) {
        guard depth <= limits.depthMax else {
            throw .tooDeep(depthMax: limits.depthMax, at: offset)
        }
        offset += 1
    }

    /// Takes the comma or the closing byte behind a member or an element.
    private mutating func endsList(
        _ input: Span<UInt8>, with close: UInt8
    ) throws(JSON.ParseError) -> Bool {
        let byte = try nextToken(input)
        guard byte == close || byte == UInt8(ascii: ",") else {
            throw .unexpectedByte(byte, at: offset)
        }
        offset += 1
        return byte == close
    }

    /// Few keys are scanned, many are hashed: a peer must not buy quadratic work.
    private func isNew(
        _ key: String, in object: JSON.Object, _ seen: inout Set<ExactString>
    ) -> Bool {
        if object.count < JSON.Object.scannedMembersMax { return object.index(of: key) == nil }
        if seen.isEmpty { seen = Set(object.members.map { ExactString($0.key) }) }
        return seen.insert(ExactString(key)).inserted
    }

    private mutating func string(_ input: Span<UInt8>) throws(JSON.ParseError) -> String {
        offset += 1
        return try JSONString.parse(input, &offset)
    }

    private mutating func word(
        _ word: StaticString, _ input: Span<UInt8>
    ) throws(JSON.ParseError) {
        for expected in word.description.utf8 {
            guard offset < input.count else { throw .unexpectedEnd(at: offset) }
            guard input[offset] == expected else {
                throw .unexpectedByte(input[offset], at: offset)
            }
            offset += 1
        }
    }

    /// The byte behind any white space, which stays to be read.
    private mutating func nextToken(_ input: Span<UInt8>) throws(JSON.ParseError) -> UInt8 {
        skipSpace(input)
        guard offset < input.count else { throw .unexpectedEnd(at: offset) }
        return input[offset]
    }

    private mutating func skipSpace(_ input: Span<UInt8>) {
        while offset < input.count {
            switch input[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }
}
