import CRDT
import Model
import Wire

/// Understands what an edit asks for, and judges all that does not depend on the state.
/// `Protocol/merge.md#fields`.
struct EditReader {
    let catalogue: Catalogue
    /// What the server makes itself may be a whole document.
    var pathsMax = Limits.pathsPerEditMax

    func read(_ request: EditRequest) throws(WireError) -> Edit {
        let count = request.set.members.count + request.add.count + request.remove.count
        guard count <= pathsMax else {
            throw WireError(
                .limit, "an edit of \(count) paths", allowed: "\(pathsMax) paths")
        }
        var edit = Edit()
        for pointer in request.remove { edit.removes.append(try instrument(pointer)) }
        for pointer in request.add { edit.adds.append(try instrument(pointer)) }
        for (pointer, value) in request.set.members {
            edit.sets.append(try assignment(pointer, value))
        }
        if edit.isEmpty {
            throw WireError(.empty, "an edit sets, adds or removes at least one path")
        }
        if let path = edit.contradiction {
            throw WireError(
                .conflict, "the edit both removes \(path.instrument.rawValue) and brings it back",
                path: path.description, allowed: "one of them")
        }
        if let path = edit.doubled {
            throw WireError(
                .conflict, "the edit sets one field twice", path: path.description,
                allowed: "one value for each field")
        }
        return edit
    }

    private func assignment(
        _ pointer: String, _ value: JSON
    ) throws(WireError) -> Edit.Assignment {
        guard case .field(let path) = try documentPath(pointer) else {
            throw WireError(
                .unknownPath, "\(pointer) is an instrument, not a field", path: pointer,
                allowed: Normalised.instrumentFields.map { "\(pointer)/\($0)" }
                    .joined(separator: ", "))
        }
        let rule = FieldRule.rule(for: path, catalogue: catalogue)
        do {
            return Edit.Assignment(path: path, value: try rule.accept(value))
        } catch {
            throw WireError(
                ErrorName(error), "\(path.name) \(Self.describe(value, error))",
                path: path.description, allowed: rule.allowed)
        }
    }

    private func instrument(_ pointer: String) throws(WireError) -> InstrumentPath {
        guard case .instrument(let path) = try documentPath(pointer) else {
            throw WireError(
                .unknownPath, "\(pointer) is not an instrument", path: pointer,
                allowed: "/machines/<flavor>/instruments/<instrument>")
        }
        return path
    }

    func documentPath(_ pointer: String) throws(WireError) -> DocumentPath {
        do {
            return try DocumentPath(pointer: pointer)
        } catch {
            throw WireError(
                .unknownPath, "no such path", path: String(pointer.prefix(200)),
                allowed: error.allowed)
        }
    }

    private static func describe(_ value: JSON, _ refusal: FieldRule.Refusal) -> String {
        switch (refusal, value) {
        case (.wrongType, .null): "cannot be null"
        case (.wrongType, .object), (.wrongType, .array): "must be a single value"
        case (.wrongType, _): "has the wrong type"
        case (.outOfRange, .integer(let number)): "\(number) is not allowed"
        case (.outOfRange, .number(let number)): "\(number) is not allowed"
        case (.outOfRange, _): "is none of the allowed values"
        case (.length, .string(let text)):
            "of \(text.unicodeScalars.count) characters is not allowed"
        case (.length, _): "is not allowed"
        }
    }
}

extension ErrorName {
    fileprivate init(_ refusal: FieldRule.Refusal) {
        switch refusal {
        case .wrongType: self = .wrongType
        case .outOfRange: self = .outOfRange
        case .length: self = .length
        }
    }
}
