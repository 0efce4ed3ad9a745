import HTTP
import Testing

/// RFC 9110 §5.6
@Suite struct FieldCursorTests {
    /// What `read` makes of a line, and whether the element ends there.
    private func read<Piece>(
        _ line: String, _ read: (inout FieldCursor) -> Piece
    ) -> (piece: Piece, endsElement: Bool) {
        var cursor = FieldCursor(line)
        return (read(&cursor), cursor.endsElement())
    }

    @Test(arguments: [
        (" ,\t, a ,,b,", ["a", "b"]), ("a", ["a"]), (" , ", []), ("", []),
    ])
    func `RFC 9110 §5.6.1.2: empty elements are skipped`(line: String, elements: [String]) {
        var cursor = FieldCursor(line)
        var tokens: [String?] = []
        while cursor.nextElement() {
            tokens.append(cursor.token())
            let isWhole = cursor.endsElement()
            #expect(isWhole)
        }
        #expect(tokens == elements)
        #expect(cursor.isAtEnd)
    }

    @Test(arguments: [
        ("a-1:2;b", "a-1", false), ("a \t", "a", true), ("a, b", "a", true), (":", nil, false),
        ("\u{E9}", nil, false), ("", nil, true),
    ])
    func `RFC 9110 §5.6.2: a token ends before what is none`(
        line: String, token: String?, endsElement: Bool
    ) {
        #expect(read(line) { $0.token() } == (token, endsElement))
    }

    @Test func `A sender may leave out the quotes for one byte`() {
        let colon = UInt8(ascii: ":")
        #expect(read("a:1;b") { $0.token(allowing: colon) } == ("a:1", false))
        #expect(read("a:1") { $0.tokenOrQuotedString(allowing: colon) } == ("a:1", true))
    }

    @Test(arguments: [
        ("\"a, b\"", "a, b"), ("\"\"", ""), (#""a\"b\\c""#, #"a"b\c"#),
        ("\"caf\u{E9}\"", "caf\u{E9}"), ("\"open", nil), (#""open\"#, nil), (#""open\""#, nil),
        ("token", nil), ("", nil),
    ])
    func `RFC 9110 §5.6.4: a quoted string says what stands in it`(line: String, says: String?) {
        #expect(read(line) { $0.quotedString() }.piece == says)
    }

    @Test func `RFC 9110 §5.6.6: a value is a token or a quoted string`() {
        let outcome = read(#"a="1 2";b=3 , c"#) { cursor in
            var pieces = [cursor.token()]
            let hasValue = cursor.take(UInt8(ascii: "="))
            pieces.append(cursor.tokenOrQuotedString())
            let goesOn = cursor.take(UInt8(ascii: ";"))
            let repeats = cursor.take(UInt8(ascii: ";"))
            pieces.append(cursor.token())
            _ = cursor.take(UInt8(ascii: "="))
            pieces.append(cursor.tokenOrQuotedString())
            #expect(hasValue && goesOn && !repeats)
            return pieces
        }
        #expect(outcome == (["a", "1 2", "b", "3"], true))
    }
}
