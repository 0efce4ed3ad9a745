package import Model
package import Wire

/// The params of `pattern.create`, judged. `Protocol/wire.md#methods`.
package struct NewPattern: Sendable {
    package struct Instrument: Hashable, Sendable {
        package let id: InstrumentID
        package let values: [String: Scalar]
    }

    /// What is left out of the params.
    package struct Defaults: Hashable, Sendable {
        package let flavor: Flavor
        /// Nil for the catalogue's.
        package let bpm: Int64?
        package let keyNote: Int64?

        package init(flavor: Flavor = .salsa, bpm: Int64? = nil, keyNote: Int64? = nil) {
            self.flavor = flavor
            self.bpm = bpm
            self.keyNote = keyNote
        }
    }

    package let title: String
    package let description: String
    package let flavor: Flavor
    /// Nil for the catalogue's.
    package let bpm: Int64?
    package let keyNote: Int64?
    package let isPublic: Bool
    /// Nil for every instrument of the flavor.
    package let instruments: [Instrument]?
    /// Chosen by the client: the same again is the same pattern.
    package let operation: Identifier

    package init(
        _ object: JSON.Object, catalogue: Catalogue, defaults: Defaults = Defaults()
    ) throws(WireError) {
        let params = Params(object)
        operation = try params.identifier("opId")
        let flavor: Flavor
        if case .text(let name)? = try Self.field(.pattern(name: "flavor"), object, catalogue) {
            flavor = Flavor(rawValue: name) ?? defaults.flavor
        } else {
            flavor = defaults.flavor
        }
        self.flavor = flavor
        guard case .text(let title)? = try Self.field(.pattern(name: "title"), object, catalogue)
        else { throw params.refused("title", allowed: "text") }
        self.title = title
        if case .text(let text)? =
            try Self.field(.pattern(name: "description"), object, catalogue)
        {
            description = text
        } else {
            description = ""
        }
        bpm = try Self.integer(.machine(flavor, name: "bpm"), object, catalogue) ?? defaults.bpm
        keyNote =
            try Self.integer(.machine(flavor, name: "keyNote"), object, catalogue)
            ?? defaults.keyNote
        isPublic = try params.optional("isPublic", params.bool) ?? true
        guard let configuration = try params.optional("configuration", params.object) else {
            instruments = nil
            return
        }
        instruments = try Self.instruments(of: configuration, flavor, catalogue)
    }

    private static func field(
        _ path: FieldPath, _ object: JSON.Object, _ catalogue: Catalogue
    ) throws(WireError) -> Scalar? {
        guard let value = object[path.name], !value.isNull else { return nil }
        return try accept(value, path, at: "/\(path.name)", catalogue)
    }

    private static func integer(
        _ path: FieldPath, _ object: JSON.Object, _ catalogue: Catalogue
    ) throws(WireError) -> Int64? {
        if case .integer(let number)? = try field(path, object, catalogue) { number } else { nil }
    }

    private static func accept(
        _ value: JSON, _ path: FieldPath, at pointer: String, _ catalogue: Catalogue
    ) throws(WireError) -> Scalar {
        let rule = FieldRule.rule(for: path, catalogue: catalogue)
        do {
            return try rule.accept(value)
        } catch {
            throw WireError(
                .invalidParams, "\(path.name) is not valid", path: pointer, allowed: rule.allowed)
        }
    }

    private static func instruments(
        of configuration: JSON.Object, _ flavor: Flavor, _ catalogue: Catalogue
    ) throws(WireError) -> [Instrument] {
        let machine = catalogue.flavor(flavor)
        let entries = try Params(configuration)
            .array("instruments", countMax: machine.instruments.count)
        var instruments: [Instrument] = []
        for (index, entry) in entries.enumerated() {
            let pointer = "/configuration/instruments/\(index)"
            guard let object = entry.object, let name = object["id"]?.string,
                let id = InstrumentID(name), machine.instrument(id) != nil,
                !instruments.contains(where: { $0.id == id })
            else {
                throw WireError(
                    .invalidParams, "an instrument needs an id of its flavor, once each",
                    path: pointer + "/id",
                    allowed: machine.instruments.map(\.id.rawValue).joined(separator: ", "))
            }
            let path = InstrumentPath(flavor: flavor, instrument: id)
            var values: [String: Scalar] = [:]
            for (name, value) in object.members where name != "id" {
                let pointer = "\(pointer)/\(name)"
                guard case .field(let field)? = try? DocumentPath(pointer: "\(path)/\(name)") else {
                    throw WireError(
                        .invalidParams, "no such field", path: pointer,
                        allowed: DocumentPath.Unreadable.name(name).allowed)
                }
                values[name] = try accept(value, field, at: pointer, catalogue)
            }
            instruments.append(Instrument(id: id, values: values))
        }
        return instruments
    }
}
