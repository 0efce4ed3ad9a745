/// The fields of a message in the order they came (RFC 9110 §5), looked up without case.
package struct HeaderFields: Sendable, Equatable {
    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String
    }

    package private(set) var fields: [Field] = []

    package init() {}

    package var count: Int { fields.count }

    /// Adds one field line.
    ///
    /// RFC 9110 §5.5: CR, LF, NUL and other control characters in a value are replaced by a space,
    /// so that a value from outside can never start another field.
    package mutating func append(_ name: String, _ value: String) {
        precondition(Characters.isToken(name), "a header field name is a token")
        if value.utf8.allSatisfy(Characters.isFieldValueByte) {
            appendParsed(Field(name: name, value: value))
        } else {
            let clean = value.utf8.map { Characters.isFieldValueByte($0) ? $0 : Characters.space }
            appendParsed(Field(name: name, value: String(decoding: clean, as: UTF8.self)))
        }
    }

    /// Removes every field of that name, then adds one.
    package mutating func set(_ name: String, _ value: String) {
        fields.removeAll { Characters.equalIgnoringCase($0.name, name) }
        append(name, value)
    }

    /// For a field that the parser has already checked.
    mutating func appendParsed(_ field: Field) {
        fields.append(field)
    }

    package func contains(_ name: String) -> Bool {
        fields.contains { Characters.equalIgnoringCase($0.name, name) }
    }

    /// The value of the first field of that name.
    package subscript(_ name: String) -> String? {
        fields.first { Characters.equalIgnoringCase($0.name, name) }?.value
    }

    /// The values of all fields of that name, in order.
    package func values(of name: String) -> [String] {
        fields.lazy.filter { Characters.equalIgnoringCase($0.name, name) }.map(\.value)
    }

    /// The elements of a comma-separated list, over all lines of that name (RFC 9110 §5.6.1.2:
    /// empty elements are skipped). For lists whose elements hold no quoted comma, such as tokens.
    package func elements(of name: String) -> [String] {
        var elements: [String] = []
        for field in fields where Characters.equalIgnoringCase(field.name, name) {
            for part in field.value.utf8.split(separator: 0x2C) {
                let element = Characters.trimmed(Substring(part))
                if !element.isEmpty { elements.append(String(element)) }
            }
        }
        return elements
    }

    /// Whether the comma-separated list of that name holds the token, without case.
    package func hasToken(_ token: String, in name: String) -> Bool {
        elements(of: name).contains { Characters.equalIgnoringCase($0, token) }
    }
}

// MARK: - ExpressibleByDictionaryLiteral

extension HeaderFields: ExpressibleByDictionaryLiteral {
    /// Names must be tokens; order and repetitions stay.
    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { append(name, value) }
    }
}
