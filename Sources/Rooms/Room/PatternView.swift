package import CRDT
package import Model

extension CommitDraft.Row {
    package init(of document: Document, catalogue: Catalogue) {
        let shown = Normalised(document, catalogue: catalogue)
        let flavor = shown.flavor
        self.init(
            number: document.number, title: shown.text("title"),
            description: shown.text("description"), flavor: flavor,
            bpm: shown.integer("bpm", of: flavor), keyNote: shown.integer("keyNote", of: flavor),
            configuration: PatternView.configuration(of: document, catalogue: catalogue))
    }
}

/// A document in the shape of the data model's patterns.
package enum PatternView {
    /// `{"instruments": [...], "machines": {...}}`: the shown machine as the data model has it, and
    /// both machines, so that `document` can bring the view back.
    package static func configuration(of document: Document, catalogue: Catalogue) -> JSON {
        let shown = Normalised(document, catalogue: catalogue)
        let view = document.view(catalogue: catalogue)
        let machines = view.object?["machines"]?.object ?? [:]
        let flavor = shown.flavor
        let fields = machines[flavor.rawValue]?.object?["instruments"]?.object ?? [:]
        let instruments: [JSON] = shown.instruments(of: flavor).map { path in
            var instrument: JSON.Object = ["id": .string(path.instrument.rawValue)]
            for (name, value) in fields[path.instrument.rawValue]?.object?.members ?? [] {
                instrument[name] = value
            }
            return .object(instrument)
        }
        return ["instruments": .array(instruments), "machines": .object(machines)]
    }

    /// The document that a row shows, for a pattern without a room: one that came into the database
    /// from outside. What does not fit the catalogue is left out.
    package static func document(
        title: String, description: String, flavor: Flavor, bpm: Int64, keyNote: Int64,
        configuration: JSON?, catalogue: Catalogue
    ) -> Document {
        var document = Document(
            title: title, description: description, flavor: flavor, bpm: bpm, keyNote: keyNote,
            instruments: instruments(of: configuration, flavor, catalogue), catalogue: catalogue)
        for (name, machine) in configuration?["machines"]?.object?.members ?? [] {
            guard let other = Flavor(rawValue: name), other != flavor else { continue }
            restore(other, from: machine, in: &document, catalogue)
        }
        return document
    }

    private static func instruments(
        of configuration: JSON?, _ flavor: Flavor, _ catalogue: Catalogue
    ) -> [Document.InitialInstrument]? {
        configuration?["instruments"]?.array?.compactMap { entry in
            guard let name = entry["id"]?.string, let id = InstrumentID(name),
                catalogue.flavor(flavor).instrument(id) != nil
            else { return nil }
            return Document.InitialInstrument(
                id: id, values: values(of: entry, id, flavor, catalogue))
        }
    }

    /// The machine that is not shown.
    private static func restore(
        _ flavor: Flavor, from machine: JSON, in document: inout Document, _ catalogue: Catalogue
    ) {
        for name in Normalised.machineFields {
            let path = FieldPath.machine(flavor, name: name)
            guard let value = machine[name],
                let scalar = try? FieldRule.rule(for: path, catalogue: catalogue).accept(value)
            else { continue }
            document.fields[path] = Register(initial: scalar)
        }
        guard let present = machine["instruments"]?.object else { return }
        for instrument in catalogue.flavor(flavor).instruments {
            let path = InstrumentPath(flavor: flavor, instrument: instrument.id)
            guard let fields = present[instrument.id.rawValue] else {
                document.instruments[path] = nil
                continue
            }
            for (name, value) in values(of: fields, instrument.id, flavor, catalogue) {
                document.fields[.instrument(path, name: name)] = Register(initial: value)
            }
        }
    }

    private static func values(
        of entry: JSON, _ id: InstrumentID, _ flavor: Flavor, _ catalogue: Catalogue
    ) -> [String: Scalar] {
        var values: [String: Scalar] = [:]
        let path = InstrumentPath(flavor: flavor, instrument: id)
        for (name, value) in entry.object?.members ?? [] where name != "id" {
            guard case .field(let field)? = try? DocumentPath(pointer: "\(path)/\(name)"),
                let scalar = try? FieldRule.rule(for: field, catalogue: catalogue).accept(value)
            else { continue }
            values[name] = scalar
        }
        return values
    }
}
