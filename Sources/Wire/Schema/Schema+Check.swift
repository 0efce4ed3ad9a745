package import Model

extension Schema {
    /// The value as it is used: texts in Normalization Form C, and without members that are null
    /// where that counts as missing.
    ///
    /// - Throws: `invalidParams` with a pointer (RFC 6901) into `value`, and what is allowed there.
    package func check(_ value: JSON) throws(WireError) -> JSON {
        try changed(value) ?? value
    }

    /// Nil when the value is used as it came, so that most calls are not copied.
    private func changed(_ value: JSON) throws(WireError) -> JSON? {
        switch (self, value) {
        case (.json, _), (.nullable, .null): return nil
        case (.nullable(let schema), _), (.named(_, let schema), _):
            return try schema.changed(value)
        case (.text(let range, .exact), .string(let text)):
            guard range ~= text.unicodeScalars.count else { throw refusal(of: value) }
            return nil
        case (.text(let range, let rule), .string(let text)):
            let normalised = NormalisedText(text)
            guard range ~= normalised.text.unicodeScalars.count, rule.allows(normalised.text)
            else { throw refusal(of: value) }
            return normalised.isChanged ? .string(normalised.text) : nil
        case (.secret(let range), .string(let text)):
            guard range ~= text.utf8.count else { throw refusal(of: value) }
            return nil
        case (.array(let element, let range), .array(let values)):
            guard range ~= values.count else { throw refusal(of: value) }
            return try Self.changed(values, element).map { .array($0) }
        case (.object(let members), .object(let object)):
            return try Self.changed(object, members).map { .object($0) }
        case (.map(let keys, let values), .object(let object)):
            return try Self.changed(object, keys: keys, values).map { .object($0) }
        default:
            guard allowsScalar(value) else { throw refusal(of: value) }
            return nil
        }
    }

    /// Values that are never changed.
    private func allowsScalar(_ value: JSON) -> Bool {
        switch (self, value) {
        case (.identifier, .string(let text)): Identifier(text) != nil
        case (.replica, .string(let text)): ReplicaID(text) != nil
        case (.cursor, .string(let text)):
            1...Limits.pageCursorBytesMax ~= text.utf8.count && TextRule.token.allows(text)
        case (.boolean, .bool): true
        case (.integer(let range), .integer(let number)): range ~= number
        case (.number(let range), _): value.double.map { range ~= $0 } ?? false
        case (.enumeration(let names), .string(let text)):
            names.contains { JSON.string($0) == .string(text) }
        default: false
        }
    }

    private static func changed(
        _ values: [JSON], _ element: Schema
    ) throws(WireError) -> [JSON]? {
        var result: [JSON]?
        for (index, value) in values.enumerated() {
            do throws(WireError) {
                guard let new = try element.changed(value) else { continue }
                if result == nil { result = values }
                result?[index] = new
            } catch {
                throw error.below("\(index)", isName: false)
            }
        }
        return result
    }

    private static func changed(
        _ object: JSON.Object, _ members: [Member]
    ) throws(WireError) -> JSON.Object? {
        var result: JSON.Object?
        for member in members {
            guard let value = object[member.name] else {
                if member.isOptional { continue }
                throw WireError(
                    .invalidParams, "\(member.name) is missing", path: "",
                    allowed: member.schema.allowed
                ).below(member.name)
            }
            if value.isNull, member.isOptional, !member.schema.isNullable {
                if result == nil { result = object }
                result?[member.name] = nil
                continue
            }
            do throws(WireError) {
                guard let new = try member.schema.changed(value) else { continue }
                if result == nil { result = object }
                result?[member.name] = new
            } catch {
                throw error.below(member.name)
            }
        }
        return result
    }

    private static func changed(
        _ object: JSON.Object, keys: Schema, _ values: Schema
    ) throws(WireError) -> JSON.Object? {
        var result: JSON.Object?
        for (key, value) in object.members {
            // Told of the map: a key that does not fit may be too long to be part of a path.
            _ = try keys.changed(.string(key))
            do throws(WireError) {
                guard let new = try values.changed(value) else { continue }
                if result == nil { result = object }
                result?[key] = new
            } catch {
                throw error.below(key)
            }
        }
        return result
    }

    private func refusal(of value: JSON) -> WireError {
        WireError(
            .invalidParams, WireError.isNotValid, path: "", allowed: allowed,
            value: isSecret ? nil : value.excerpt)
    }

    private var isSecret: Bool {
        if case .secret = self { true } else { false }
    }
}

extension WireError {
    /// What the name of the member is put before.
    fileprivate static let isNotValid = "is not valid"

    /// The same error, of the member or element `name` of the value.
    fileprivate func below(_ name: String, isName: Bool = true) -> WireError {
        var error = self
        // The innermost name; the index of an element says nothing to people.
        if isName, error.message == Self.isNotValid { error.message = name + " " + message }
        let token = name.replacing("~", with: "~0").replacing("/", with: "~1")
        error.path = "/" + token + (path ?? "")
        return error
    }
}

extension JSON {
    /// What was there, unless it is too large to send back.
    var excerpt: JSON {
        switch self {
        case .string(let text) where text.utf8.count > 100:
            .string("text of \(text.utf8.count) bytes")
        case .array: .string("array")
        case .object: .string("object")
        default: self
        }
    }
}
