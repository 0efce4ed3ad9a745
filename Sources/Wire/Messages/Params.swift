package import Model

/// Reads members of `params`; each failure says which member, what is allowed, and what was there.
///
/// The params of a call were judged by the schema of its method before: its handler reads them
/// without saying again what they may be.
package struct Params {
    private let object: JSON.Object

    package init(_ object: JSON.Object) {
        self.object = object
    }

    package func identifier(_ name: String) throws(WireError) -> Identifier {
        guard let text = object[name]?.string, let id = Identifier(text) else {
            throw refused(name, allowed: "UUID")
        }
        return id
    }

    package func replica(_ name: String) throws(WireError) -> ReplicaID {
        guard let text = object[name]?.string, let id = ReplicaID(text) else {
            throw refused(name, allowed: "16 hexadecimal digits")
        }
        return id
    }

    package func integer(_ name: String) throws(WireError) -> Int64 {
        try integer(name, in: .min ... .max)
    }

    package func integer(_ name: String, in range: ClosedRange<Int64>) throws(WireError) -> Int64 {
        guard let number = object[name]?.int, range ~= number else {
            throw refused(name, allowed: "integer \(range.lowerBound)..\(range.upperBound)")
        }
        return number
    }

    package func text(_ name: String) throws(WireError) -> String {
        guard let text = object[name]?.string else { throw refused(name, allowed: "text") }
        return text
    }

    /// Text of so many Unicode scalars.
    package func text(_ name: String, in range: ClosedRange<Int>) throws(WireError) -> String {
        guard let text = object[name]?.string, range ~= text.unicodeScalars.count else {
            throw refused(
                name, allowed: "text of \(range.lowerBound) to \(range.upperBound) characters")
        }
        return text
    }

    /// One of an enumeration, by its raw value.
    package func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ name: String
    ) throws(WireError) -> Value {
        guard let value = object[name]?.string.flatMap(Value.init(rawValue:)) else {
            throw refused(
                name, allowed: Value.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return value
    }

    package func bool(_ name: String) throws(WireError) -> Bool {
        guard let value = object[name]?.bool else { throw refused(name, allowed: "true, false") }
        return value
    }

    package func object(_ name: String) throws(WireError) -> JSON.Object {
        guard let value = object[name]?.object else { throw refused(name, allowed: "object") }
        return value
    }

    package func array(_ name: String, countMax: Int) throws(WireError) -> [JSON] {
        guard let value = object[name]?.array, value.count <= countMax else {
            throw refused(name, allowed: "array of at most \(countMax)")
        }
        return value
    }

    package func texts(_ name: String, countMax: Int) throws(WireError) -> [String] {
        var texts: [String] = []
        for value in try array(name, countMax: countMax) {
            guard let text = value.string else { throw refused(name, allowed: "array of text") }
            texts.append(text)
        }
        return texts
    }

    /// Reads a member unless it is missing or null.
    package func optional<Value>(
        _ name: String, _ read: (String) throws(WireError) -> Value
    ) throws(WireError) -> Value? {
        switch object[name] {
        case nil, .null?: nil
        default: try read(name)
        }
    }

    package func has(_ name: String) -> Bool { object[name] != nil }

    package func refused(_ name: String, allowed: String) -> WireError {
        WireError(
            .invalidParams, has(name) ? "\(name) is not valid" : "\(name) is missing",
            path: "/\(name)", allowed: allowed, value: object[name]?.excerpt)
    }
}
