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
    /// `{"instruments": [...], "machines": {...}}`: the shown machine as the seed has it, and both
    /// machines, so that the row alone can bring the document back.
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
}
