package import Model

extension Schema {
    /// In words, for the `allowed` of an error.
    package var allowed: String {
        switch self {
        case .text(let range, let rule):
            "text of \(range.lowerBound) to \(range.upperBound) characters" + rule.words
        case .secret(let range): "text of \(range.lowerBound) to \(range.upperBound) bytes"
        case .identifier: "UUID"
        case .replica: "16 hexadecimal digits"
        case .cursor: "a cursor of the same list"
        case .boolean: "true, false"
        case .integer(let range): "integer \(range.lowerBound)..\(range.upperBound)"
        case .number(let range): "number \(JSON(range.lowerBound))..\(JSON(range.upperBound))"
        case .enumeration(let names): names.joined(separator: ", ")
        case .array(let element, let range):
            "array of \(range.lowerBound) to \(range.upperBound) (\(element.allowed))"
        case .object(let members):
            "object with "
                + members.map { $0.name + ($0.isOptional ? "?" : "") }
                .joined(separator: ", ")
        case .map(let keys, let values): "object {\(keys.allowed): \(values.allowed)}"
        case .nullable(let schema): schema.allowed + ", or null"
        case .json: "anything"
        case .named(_, let schema): schema.allowed
        }
    }

    /// As JSON Schema 2020-12. Shared shapes are references into an OpenRPC document.
    package var json: JSON {
        switch self {
        case .text(let range, let rule):
            Self.json(ofText: range, pattern: rule.pattern, allowed)
        case .secret(let range):
            // The bound is one of bytes; characters are never more.
            [
                "type": "string", "minLength": .integer(Int64(min(1, range.lowerBound))),
                "maxLength": .integer(Int64(range.upperBound)), "writeOnly": true,
                "description": .string(allowed),
            ]
        case .identifier:
            ["type": "string", "format": "uuid", "pattern": .string(Self.uuidPattern)]
        case .replica: ["type": "string", "pattern": "^[0-9A-Fa-f]{16}$"]
        case .cursor:
            Self.json(
                ofText: 1...Limits.pageCursorBytesMax, pattern: TextRule.token.pattern, allowed)
        case .boolean: ["type": "boolean"]
        case .integer(let range):
            [
                "type": "integer", "minimum": .integer(range.lowerBound),
                "maximum": .integer(range.upperBound),
            ]
        case .number(let range):
            [
                "type": "number", "minimum": JSON(range.lowerBound),
                "maximum": JSON(range.upperBound),
            ]
        case .enumeration(let names): ["enum": .array(names.map { .string($0) })]
        case .array(let element, let range):
            [
                "type": "array", "items": element.json,
                "minItems": .integer(Int64(range.lowerBound)),
                "maxItems": .integer(Int64(range.upperBound)),
            ]
        case .object(let members): Self.json(of: members)
        case .map(let keys, let values):
            [
                "type": "object", "propertyNames": keys.json,
                "additionalProperties": values.json,
            ]
        case .nullable(let schema): schema.isNullable ? schema.json : schema.jsonOrNull
        case .json: [:]
        case .named(let name, _): ["$ref": .string("#/components/schemas/\(name)")]
        }
    }

    private static let uuidPattern =
        "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"

    private var jsonOrNull: JSON { ["anyOf": [json, ["type": "null"]]] }

    private static func json(
        ofText range: ClosedRange<Int>, pattern: String?, _ allowed: String
    ) -> JSON {
        var object: JSON.Object = [
            "type": "string", "minLength": .integer(Int64(range.lowerBound)),
            "maxLength": .integer(Int64(range.upperBound)), "description": .string(allowed),
        ]
        if let pattern { object["pattern"] = .string(pattern) }
        return .object(object)
    }

    private static func json(of members: [Member]) -> JSON {
        var properties = JSON.Object()
        for member in members { properties[member.name] = member.json }
        var object: JSON.Object = ["type": "object", "properties": .object(properties)]
        let required = members.filter { !$0.isOptional }.map { JSON.string($0.name) }
        if !required.isEmpty { object["required"] = .array(required) }
        return .object(object)
    }

    /// The shapes that are shared, with those inside them.
    package var named: [(name: String, schema: Schema)] {
        switch self {
        case .named(let name, let schema): [(name, schema)] + schema.named
        case .array(let schema, _), .nullable(let schema), .map(_, let schema): schema.named
        case .object(let members): members.flatMap(\.schema.named)
        default: []
        }
    }
}

extension Schema.Member {
    /// The schema of a value that may be there; what may be missing may be null.
    package var json: JSON {
        var object = (isOptional ? Schema.nullable(schema) : schema).json.object ?? [:]
        object["title"] = .string(name)
        object["description"] = .string(
            object["description"]?.string.map { "\(about); \($0)" } ?? about)
        return .object(object)
    }
}
