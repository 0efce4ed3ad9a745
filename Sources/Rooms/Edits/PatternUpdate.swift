import CRDT
package import Model
package import Wire

/// The params of `pattern.update`: what a pattern shall be, from which its room makes an edit.
/// `Protocol/patterns.md#update`.
package struct PatternUpdate: Hashable, Sendable {
    package struct Instrument: Hashable, Sendable {
        let id: InstrumentID
        /// Without `id`.
        let fields: JSON.Object
    }

    /// `title`, `description` and `flavor`, as far as given.
    private let texts: JSON.Object
    private let flavor: Flavor?
    /// `bpm` and `keyNote`, as far as given: of the machine that is shown then.
    private let numbers: JSON.Object
    /// All instruments of that machine; nil to leave them.
    private let instruments: [Instrument]?

    package init(_ params: JSON.Object) throws(WireError) {
        func given(_ names: [String]) -> JSON.Object {
            var object: JSON.Object = [:]
            for name in names {
                if let value = params[name], !value.isNull { object[name] = value }
            }
            return object
        }
        let reader = Params(params)
        texts = given(["title", "description", "flavor"])
        numbers = given(["bpm", "keyNote"])
        flavor = texts["flavor"]?.string.flatMap(Flavor.init)
        let configuration = try reader.optional("configuration", reader.object)
        instruments = try configuration.map(Self.instruments)
        guard !texts.members.isEmpty || !numbers.members.isEmpty || instruments != nil else {
            throw WireError(
                .empty, "nothing to change", path: "",
                allowed: "title, description, flavor, bpm, keyNote, configuration")
        }
    }

    private static func instruments(
        of configuration: JSON.Object
    ) throws(WireError) -> [Instrument] {
        let entries = try Params(configuration)
            .array("instruments", countMax: InstrumentID.allCases.count)
        var instruments: [Instrument] = []
        for (index, entry) in entries.enumerated() {
            guard var fields = entry.object, let name = fields["id"]?.string,
                let id = InstrumentID(name), !instruments.contains(where: { $0.id == id })
            else {
                throw refusal(index, allowed: InstrumentID.allCases.map(\.rawValue))
            }
            fields["id"] = nil
            instruments.append(Instrument(id: id, fields: fields))
        }
        return instruments
    }

    private static func refusal(_ index: Int, allowed: [String]) -> WireError {
        WireError(
            .invalidParams, "an instrument needs an id of its flavor, once each",
            path: "/configuration/instruments/\(index)/id",
            allowed: allowed.joined(separator: ", "))
    }

    /// The edit that makes `document` so: only what differs from what it shows.
    func change(
        _ document: Document, catalogue: Catalogue
    ) throws(WireError) -> (set: JSON.Object, add: [String], remove: [String]) {
        let shown = Normalised(document, catalogue: catalogue)
        let flavor = flavor ?? shown.flavor
        var set: JSON.Object = [:]
        for (name, value) in texts.members
        where shown.value(at: .pattern(name: name))?.json != value {
            set["/\(name)"] = value
        }
        for (name, value) in numbers.members {
            let path = FieldPath.machine(flavor, name: name)
            if shown.value(at: path)?.json != value { set[path.description] = value }
        }
        guard let instruments else { return (set, [], []) }
        var add: [String] = []
        let machine = catalogue.flavor(flavor)
        for (index, instrument) in instruments.enumerated() {
            guard machine.instrument(instrument.id) != nil else {
                throw Self.refusal(index, allowed: machine.instruments.map(\.id.rawValue))
            }
            let path = InstrumentPath(flavor: flavor, instrument: instrument.id)
            let isPresent = document.isPresent(path)
            if !isPresent { add.append(path.description) }
            for (name, value) in instrument.fields.members {
                let field = FieldPath.instrument(path, name: name)
                if !isPresent || shown.value(at: field)?.json != value {
                    set[field.description] = value
                }
            }
        }
        let remove = shown.instruments(of: flavor)
            .filter { path in !instruments.contains { $0.id == path.instrument } }
            .map(\.description)
        return (set, add, remove)
    }
}
