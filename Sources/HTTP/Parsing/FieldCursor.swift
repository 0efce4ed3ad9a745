/// Reads one field line piece by piece: the tokens, quoted strings and lists of RFC 9110 §5.6, for
/// fields whose elements have parameters. Lists of tokens alone are `HeaderFields.elements(of:)`.
package struct FieldCursor {
    private var rest: ArraySlice<UInt8>

    package init(_ line: some StringProtocol) {
        rest = Array(line.utf8)[...]
    }

    package var isAtEnd: Bool { rest.isEmpty }

    /// Moves to the next element of a list (RFC 9110 §5.6.1.2), past commas and empty elements.
    ///
    /// - Returns: false at the end of the line.
    package mutating func nextElement() -> Bool {
        rest = rest.drop { $0 == UInt8(ascii: ",") || Self.isSpace($0) }
        return !rest.isEmpty
    }

    /// Whether the element is read to its end, spaces behind it included.
    package mutating func endsElement() -> Bool {
        skipSpace()
        return rest.isEmpty || rest.first == UInt8(ascii: ",")
    }

    /// RFC 9110 §5.6.3: `OWS`.
    package mutating func skipSpace() {
        rest = rest.drop(while: Self.isSpace)
    }

    /// Moves past `byte` if it is the next one.
    package mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    /// RFC 9110 §5.6.2: the longest token that begins here; nil for none.
    ///
    /// - Parameter extra: a byte that counts as one of a token, for senders that leave out quotes.
    package mutating func token(allowing extra: UInt8? = nil) -> String? {
        let bytes = rest.prefix { Characters.isTokenByte($0) || $0 == extra }
        guard !bytes.isEmpty else { return nil }
        rest = rest[bytes.endIndex...]
        return String(decoding: bytes, as: UTF8.self)
    }

    /// RFC 9110 §5.6.4: what a quoted string says, without its escapes; nil when none begins here,
    /// or it does not end.
    package mutating func quotedString() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                text.append(escaped)
            default: text.append(byte)
            }
        }
        return nil
    }

    /// `( token / quoted-string )`: the value of a parameter (RFC 9110 §5.6.6).
    package mutating func tokenOrQuotedString(allowing extra: UInt8? = nil) -> String? {
        rest.first == UInt8(ascii: "\"") ? quotedString() : token(allowing: extra)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == Characters.space || byte == Characters.tab
    }
}
