extension JSON {
    /// What a text may cost. The defaults suit one message of a peer.
    package struct Limits: Sendable {
        /// Nested arrays and objects; also bounds the parser's recursion.
        package var depthMax: Int
        /// Values in total, containers included. A value takes up to 40 bytes of memory for as
        /// little as 2 bytes of text, so bytes alone would not bound memory.
        package var valuesMax: Int
        package var bytesMax: Int

        package init(
            depthMax: Int = Model.Limits.nestingDepthMax,
            valuesMax: Int = Model.Limits.valuesPerMessageMax,
            bytesMax: Int = Model.Limits.socketMessageBytesMax
        ) {
            self.depthMax = depthMax
            self.valuesMax = valuesMax
            self.bytesMax = bytesMax
        }
    }

    /// Why a text was refused; offsets are bytes from its start.
    package enum ParseError: Error, Hashable, Sendable {
        case unexpectedEnd(at: Int)
        case unexpectedByte(UInt8, at: Int)
        case trailingBytes(at: Int)
        case malformedNumber(at: Int)
        /// Larger than any finite double.
        case numberOutOfRange(at: Int)
        case controlCharacter(at: Int)
        case malformedEscape(at: Int)
        case loneSurrogate(at: Int)
        case malformedUTF8(at: Int)
        case duplicateKey(String, at: Int)
        case tooDeep(depthMax: Int, at: Int)
        case tooManyValues(valuesMax: Int, at: Int)
        case tooManyBytes(bytesMax: Int)

        package var offset: Int {
            switch self {
            case .unexpectedEnd(let at), .unexpectedByte(_, let at), .trailingBytes(let at),
                .malformedNumber(let at), .numberOutOfRange(let at), .controlCharacter(let at),
                .malformedEscape(let at), .loneSurrogate(let at), .malformedUTF8(let at),
                .duplicateKey(_, let at), .tooDeep(_, let at), .tooManyValues(_, let at):
                at
            case .tooManyBytes(let max): max
            }
        }
    }
}

extension JSON.ParseError: CustomStringConvertible {
    package var description: String {
        "\(reason) at byte \(offset)"
    }

    private var reason: String {
        switch self {
        case .unexpectedEnd: "the text ends too early"
        case .unexpectedByte(let byte, _): "unexpected \(Self.name(of: byte))"
        case .trailingBytes: "text after the value"
        case .malformedNumber: "malformed number"
        case .numberOutOfRange: "number out of range"
        case .controlCharacter: "unescaped control character in a string"
        case .malformedEscape: "malformed escape"
        case .loneSurrogate: "escaped surrogate without its other half"
        case .malformedUTF8: "malformed UTF-8"
        case .duplicateKey(let key, _): "the key \"\(key)\" appears twice in one object"
        case .tooDeep(let max, _): "more than \(max) levels of nesting"
        case .tooManyValues(let max, _): "more than \(max) values"
        case .tooManyBytes(let max): "more than \(max) bytes"
        }
    }

    private static func name(of byte: UInt8) -> String {
        (0x21...0x7E).contains(byte)
            ? "'\(Unicode.Scalar(byte))'" : "byte 0x" + String(byte, radix: 16)
    }
}

extension JSON.Limits {
    /// Documents of a server are larger than what a server takes from strangers.
    package static var trusted: JSON.Limits {
        JSON.Limits(
            depthMax: Model.Limits.nestingDepthMax, valuesMax: 1_000_000, bytesMax: 64 << 20)
    }
}
