/// The shape of a value on the wire: what is checked before a method runs, and what the OpenRPC
/// document says about it. `Protocol/wire.md#methods`.
package indirect enum Schema: Sendable {
    /// Text of so many Unicode scalars in Normalization Form C, which it is turned into.
    case text(ClosedRange<Int>, TextRule)
    /// A password or a token of so many bytes of UTF-8: kept as it is, and never told in an error.
    case secret(ClosedRange<Int>)
    /// A UUID.
    case identifier
    /// 16 hexadecimal digits.
    case replica
    /// Opaque text of ours that says where a list goes on.
    case cursor
    case boolean
    case integer(ClosedRange<Int64>)
    case number(ClosedRange<Double>)
    case enumeration([String])
    case array(Schema, count: ClosedRange<Int>)
    /// Members that are not listed are ignored, and kept.
    case object([Member])
    /// An object whose keys are data.
    case map(keys: Schema, values: Schema)
    case nullable(Schema)
    /// Anything; its method has rules of its own for it.
    case json
    /// A shape that several methods share: written once in the OpenRPC document.
    case named(String, Schema)

    /// A member of an object, with a line about it.
    package struct Member: Sendable {
        package let name: String
        package let schema: Schema
        /// It may be missing; null counts as missing unless the schema is `nullable`.
        package let isOptional: Bool
        package let about: String

        package static func required(_ name: String, _ schema: Schema, _ about: String) -> Member {
            Member(name: name, schema: schema, isOptional: false, about: about)
        }

        package static func optional(_ name: String, _ schema: Schema, _ about: String) -> Member {
            Member(name: name, schema: schema, isOptional: true, about: about)
        }
    }

    package var isNullable: Bool {
        switch self {
        case .nullable, .json: true
        case .named(_, let schema): schema.isNullable
        default: false
        }
    }
}

extension Schema {
    /// Milliseconds since 1970 UTC.
    package static let timeMs = Schema.integer(0...(1 << 53))
    /// A count of ours: likes, plays, numbers of a room.
    package static let count = Schema.integer(0...(1 << 53))
    /// The result of a method that only acknowledges.
    package static let nothing = Schema.object([])
}

extension Schema.Member {
    /// Chosen by the client for each write: the same again gets the first answer.
    package static let opId = Schema.Member.required(
        "opId", .identifier, "chosen by the client: the same again gets the first answer")
}
