/// A JSON value (RFC 8259), for messages of untrusted peers and for what the server stores.
///
/// Numbers have one spelling: every integral value that fits is `integer`, so `1`, `1.0` and
/// `1e0` are equal; `number` holds the rest and is always finite. Values made in code keep to
/// that by using literals or ``init(_:)-(Double)`` instead of the `number` case.
///
/// Strings are compared code point by code point (RFC 8259 §8.3), not by Unicode equivalence as
/// `String` does: a composed and a decomposed "é" are two values, as they are two byte sequences.
package enum JSON: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object(Object)

    /// The value of a finite `double`, as `integer` when it is integral and fits.
    package init(_ double: Double) {
        precondition(double.isFinite, "JSON has no infinities and no NaN (RFC 8259 §6)")
        // `Int64(exactly:)` and `rounded()` call libm, which a pure target does not link.
        if (-0x1p63..<0x1p63).contains(double), Double(Int64(double)) == double {
            self = .integer(Int64(double))
        } else {
            self = .number(double)
        }
    }

    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    package var int: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// Either kind of number; an integer beyond 2^53 is rounded.
    package var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .null, .bool, .string, .array, .object: nil
        }
    }

    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var array: [JSON]? {
        if case .array(let value) = self { value } else { nil }
    }

    package var object: Object? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The member of an object; nil when there is none or when this is no object.
    package subscript(_ key: String) -> JSON? {
        if case .object(let value) = self { value[key] } else { nil }
    }
}

// MARK: - Hashable

extension JSON: Hashable {
    package static func == (a: JSON, b: JSON) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.string(let a), .string(let b)): ExactString(a) == ExactString(b)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        case (.null, _), (.bool, _), (.integer, _), (.number, _), (.string, _), (.array, _),
            (.object, _):
            false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .number(let value): hasher.combine(value)
        case .string(let value): hasher.combine(value)
        case .array(let value): hasher.combine(value)
        case .object(let value): hasher.combine(value)
        }
    }
}

/// A string whose equality is that of its bytes; its hash may be `String`'s, which is coarser.
struct ExactString: Hashable {
    let string: String

    init(_ string: String) {
        self.string = string
    }

    static func == (a: ExactString, b: ExactString) -> Bool {
        a.string.utf8.count == b.string.utf8.count && a.string.utf8.elementsEqual(b.string.utf8)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(string)
    }
}
