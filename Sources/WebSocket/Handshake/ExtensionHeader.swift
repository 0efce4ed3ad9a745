import HTTP

/// `Sec-WebSocket-Extensions` (RFC 6455 §9.1), read strictly.
enum ExtensionHeader {
    struct Parameter: Equatable {
        let name: String
        /// A token, be it quoted or not; nil without `=`.
        let value: String?
    }

    struct Element: Equatable {
        let name: String
        let parameters: [Parameter]
    }

    /// The header does not follow the grammar: the connection fails (§9.1).
    struct Malformed: Error {}

    /// Over all lines of that name: "the header field MAY appear multiple times", which is the same
    /// as one line with commas.
    static func parse(_ headers: HeaderFields) throws(Malformed) -> [Element] {
        var elements: [Element] = []
        let lines = headers.values(of: "Sec-WebSocket-Extensions")
        for line in lines {
            var cursor = FieldCursor(line)
            while cursor.nextElement() {
                elements.append(try element(&cursor))
                guard cursor.endsElement() else { throw Malformed() }
            }
        }
        // "1#extension": one at least, in all lines together.
        guard lines.isEmpty || !elements.isEmpty else { throw Malformed() }
        return elements
    }

    private static func element(_ cursor: inout FieldCursor) throws(Malformed) -> Element {
        guard let name = cursor.token() else { throw Malformed() }
        var parameters: [Parameter] = []
        cursor.skipSpace()
        while cursor.take(UInt8(ascii: ";")) {
            cursor.skipSpace()
            guard let name = cursor.token() else { throw Malformed() }
            cursor.skipSpace()
            var value: String?
            if cursor.take(UInt8(ascii: "=")) {
                cursor.skipSpace()
                // §9.1: "the value after quoted-string unescaping MUST conform to the 'token'
                // ABNF".
                guard let text = cursor.tokenOrQuotedString(), Characters.isToken(text) else {
                    throw Malformed()
                }
                value = text
                cursor.skipSpace()
            }
            parameters.append(Parameter(name: name, value: value))
        }
        return Element(name: name, parameters: parameters)
    }
}
