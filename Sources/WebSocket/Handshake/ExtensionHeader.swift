import HTTP

/// `Sec-WebSocket-Extensions` (RFC 6455 §9.1), read strictly.
struct ExtensionHeader {
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
            var parser = ExtensionHeader(rest: line[...].utf8)
            try parser.parse(into: &elements)
        }
        // "1#extension": one at least, in all lines together.
        guard lines.isEmpty || !elements.isEmpty else { throw Malformed() }
        return elements
    }

    private var rest: Substring.UTF8View

    private mutating func parse(into elements: inout [Element]) throws(Malformed) {
        repeat {
            skipSpace()
            // RFC 9110 §5.6.1.2: a recipient skips empty elements.
            if rest.isEmpty || rest.first == UInt8(ascii: ",") { continue }
            elements.append(try element())
            skipSpace()
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { throw Malformed() }
        } while take(UInt8(ascii: ","))
    }

    private mutating func element() throws(Malformed) -> Element {
        let name = try token()
        var parameters: [Parameter] = []
        skipSpace()
        while take(UInt8(ascii: ";")) {
            skipSpace()
            let name = try token()
            skipSpace()
            var value: String?
            if take(UInt8(ascii: "=")) {
                skipSpace()
                value = take(UInt8(ascii: "\"")) ? try quotedToken() : try token()
                skipSpace()
            }
            parameters.append(Parameter(name: name, value: value))
        }
        return Element(name: name, parameters: parameters)
    }

    private mutating func token() throws(Malformed) -> String {
        let bytes = rest.prefix { !Self.delimiters.contains($0) }
        let text = String(Substring(bytes))
        guard Characters.isToken(text) else { throw Malformed() }
        rest = rest.dropFirst(bytes.count)
        return text
    }

    private static let delimiters = Array(" \t,;=\"".utf8)

    /// §9.1: "the value after quoted-string unescaping MUST conform to the 'token' ABNF".
    private mutating func quotedToken() throws(Malformed) -> String {
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") {
                let text = String(decoding: value, as: UTF8.self)
                guard Characters.isToken(text) else { throw Malformed() }
                return text
            }
            guard byte == UInt8(ascii: "\\") else {
                value.append(byte)
                continue
            }
            guard let escaped = rest.popFirst() else { throw Malformed() }
            value.append(escaped)
        }
        throw Malformed()
    }

    private mutating func skipSpace() {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }
}
