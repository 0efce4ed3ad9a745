/// Collects one body, in any of its framings.
struct BodyReader: Sendable {
    private enum State: Sendable {
        case fixed(remaining: Int)
        case untilClose
        case chunkSize
        case chunkData(remaining: Int)
        case chunkEnd
        case trailer(FieldSection)
    }

    private(set) var body: [UInt8] = []
    private var state: State

    /// nil when there is nothing to read.
    init?(_ framing: BodyFraming) {
        switch framing {
        case .none: return nil
        case .length(let length):
            state = .fixed(remaining: length)
            // A claim is no reason to allocate: beyond this, memory follows the bytes that come.
            body.reserveCapacity(min(length, 16_384))
        case .chunked: state = .chunkSize
        case .untilClose: state = .untilClose
        }
    }

    var endsWithConnection: Bool {
        if case .untilClose = state { true } else { false }
    }

    /// - Returns: true when the body is whole, false when more input is needed.
    mutating func read(
        from input: inout InputBuffer, limits: ParserLimits
    ) throws(ParseError) -> Bool {
        while true {
            switch state {
            case .fixed(let remaining):
                let left = remaining - input.move(upTo: remaining, into: &body)
                state = .fixed(remaining: left)
                return left == 0
            case .untilClose:
                guard body.count + input.count <= limits.bodyBytesMax else { throw .bodyTooLarge }
                _ = input.move(upTo: input.count, into: &body)
                return false
            case .chunkSize:
                guard
                    let line = try input.takeLine(
                        bytesMax: limits.chunkLineBytesMax, orThrow: .chunkLineTooLong)
                else { return false }
                let size = try Self.chunkSize(line)
                guard size <= limits.bodyBytesMax - body.count else { throw .bodyTooLarge }
                state = size == 0 ? .trailer(FieldSection()) : .chunkData(remaining: size)
            case .chunkData(let remaining):
                let left = remaining - input.move(upTo: remaining, into: &body)
                state = left == 0 ? .chunkEnd : .chunkData(remaining: left)
                if left > 0 { return false }
            case .chunkEnd:
                guard try input.takeLine(bytesMax: 0, orThrow: .badChunk) != nil else {
                    return false
                }
                state = .chunkSize
            case .trailer(var section):
                state = .chunkSize
                let isWhole = try section.read(from: &input, limits: limits)
                state = .trailer(section)
                return isWhole
            }
        }
    }

    /// RFC 9112 §7.1: `1*HEXDIG` and an extension, which is ignored (§7.1.1).
    private static func chunkSize(_ line: ArraySlice<UInt8>) throws(ParseError) -> Int {
        let digits = line.prefix { Characters.hexDigit($0) != nil }
        let rest = line[digits.endIndex...].drop {
            $0 == Characters.space || $0 == Characters.tab
        }
        // White space is "bad" but allowed before an extension only; a bare CR is nowhere allowed.
        let isExtension =
            rest.first == UInt8(ascii: ";") && rest.allSatisfy(Characters.isFieldValueByte)
        guard !digits.isEmpty, digits.endIndex == line.endIndex || isExtension else {
            throw .badChunk
        }
        var size = 0
        for digit in digits.lazy.compactMap(Characters.hexDigit) {
            guard size <= Int.max >> 4 else { throw .bodyTooLarge }
            size = size << 4 | digit
        }
        return size
    }
}
