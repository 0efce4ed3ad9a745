/// What may be missing, as JSON's null; named apart from the cases, so that null is never meant
/// unawares.
extension JSON {
    package static func orNull(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

    package static func orNull(_ number: Int64?) -> JSON { number.map { .integer($0) } ?? .null }

    package static func orNull(_ id: Identifier?) -> JSON { orNull(id?.description) }
}
