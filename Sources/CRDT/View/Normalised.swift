package import Model

/// What a state shows: total, idempotent, always valid. Server, clients and the pattern's row use
/// this one view; the raw values stay underneath. `Protocol/merge.md#normalise`.
package struct Normalised {
    private let document: Document
    private let catalogue: Catalogue

    package init(_ document: Document, catalogue: Catalogue) {
        self.document = document
        self.catalogue = catalogue
    }

    package static let patternFields = ["title", "description", "flavor"]
    package static let machineFields = ["bpm", "keyNote"]
    package static let instrumentFields = ["enabled", "activeProgram", "volume", "pitchOffset"]

    /// The value that a field shows; nil for a field that the catalogue does not know and nobody
    /// has set.
    package func value(at path: FieldPath) -> Scalar? {
        let fallback = Self.fallback(for: path, catalogue: catalogue)
        guard let raw = document.fields[path]?.value else { return fallback }
        let rule = FieldRule.rule(for: path, catalogue: catalogue)
        if path.name == "activeProgram", rule != .unknown, (try? rule.accept(raw.json)) == nil {
            // Another program is another rhythm: the nearest number means nothing.
            return fallback
        }
        return rule.nearest(to: raw) ?? fallback
    }

    package var flavor: Flavor {
        guard case .text(let name)? = value(at: .pattern(name: "flavor")) else { return .salsa }
        return Flavor(rawValue: name) ?? .salsa
    }

    package func text(_ name: String) -> String {
        if case .text(let text)? = value(at: .pattern(name: name)) { text } else { "" }
    }

    package func integer(_ name: String, of flavor: Flavor) -> Int64 {
        if case .integer(let value)? = value(at: .machine(flavor, name: name)) { value } else { 0 }
    }

    /// The instruments of a machine, in the catalogue's order.
    package func instruments(of flavor: Flavor) -> [InstrumentPath] {
        catalogue.flavor(flavor).instruments
            .map { InstrumentPath(flavor: flavor, instrument: $0.id) }
            .filter { document.isPresent($0) }
    }

    /// The catalogue's value of a known field.
    package static func fallback(for path: FieldPath, catalogue: Catalogue) -> Scalar? {
        switch path {
        case .pattern("title"): .text("Untitled")
        case .pattern("description"): .text("")
        case .pattern("flavor"): .text(Flavor.salsa.rawValue)
        case .machine(let flavor, "bpm"): .integer(Int64(catalogue.flavor(flavor).bpm.standard))
        case .machine(let flavor, "keyNote"):
            .integer(Int64(catalogue.flavor(flavor).keyNote.standard))
        case .instrument(let path, let name):
            catalogue.flavor(path.flavor).instrument(path.instrument)
                .flatMap { $0.fallback(name) }
        default: nil
        }
    }
}

extension Catalogue.Instrument {
    fileprivate func fallback(_ name: String) -> Scalar? {
        switch name {
        case "enabled": .bool(isEnabled)
        case "activeProgram": .integer(Int64(activeProgram))
        case "volume": .hundredths(Int64(volumeHundredths))
        case "pitchOffset": .integer(Int64(pitchOffset.standard))
        default: nil
        }
    }
}
