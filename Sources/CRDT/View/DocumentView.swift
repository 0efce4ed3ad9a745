package import Model

/// The view as JSON: documents, merge patches, canonical form.
extension Document {
    /// The whole normalised document. `Protocol/merge.md#document`.
    package func view(catalogue: Catalogue) -> JSON {
        .object(Projection(self, catalogue: catalogue).whole())
    }

    /// What changed after `cursor`, as an RFC 7396 merge patch; works for any cursor, because each
    /// field knows the number that wrote it. Nil when nothing did.
    package func patch(since cursor: Int64, catalogue: Catalogue) -> JSON? {
        var projection = Projection(self, catalogue: catalogue)
        for (path, presence) in instruments { projection.include(path, presence, since: cursor) }
        for (path, register) in fields where register.number > cursor {
            projection.include(path)
        }
        return projection.patch.members.isEmpty ? nil : .object(projection.patch)
    }

    /// The same for a state that is known to have changed only where `delta` says.
    package func patch(
        since cursor: Int64, touching delta: Document, catalogue: Catalogue
    ) -> JSON? {
        var projection = Projection(self, catalogue: catalogue)
        for path in delta.instruments.keys {
            guard let presence = instruments[path] else { continue }
            projection.include(path, presence, since: cursor)
        }
        for path in delta.fields.keys { projection.include(path) }
        return projection.patch.members.isEmpty ? nil : .object(projection.patch)
    }
}

/// Collects parts of a document into nested JSON.
private struct Projection {
    private let document: Document
    private let shown: Normalised
    private let catalogue: Catalogue
    private(set) var patch = JSON.Object()
    private var complete: Set<InstrumentPath> = []

    init(_ document: Document, catalogue: Catalogue) {
        self.document = document
        self.catalogue = catalogue
        shown = Normalised(document, catalogue: catalogue)
    }

    /// An instrument that came after the cursor comes with all its fields: the client threw them
    /// away when it went.
    mutating func include(_ path: InstrumentPath, _ presence: Presence, since cursor: Int64) {
        guard catalogue.flavor(path.flavor).instrument(path.instrument) != nil else { return }
        if presence.isPresent {
            guard presence.since > cursor, complete.insert(path).inserted else { return }
            let unknown = UnknownFields(of: document).ofInstruments[path, default: []]
            put(.object(fields(of: path, and: unknown)), at: path)
        } else if let removal = presence.removal, removal.number > cursor {
            put(.null, at: path)
        }
    }

    mutating func include(_ path: FieldPath) {
        guard let value = shown.value(at: path)?.json else { return }
        switch path {
        case .pattern(let name): patch[name] = value
        case .machine(let flavor, let name): patch.set(value, at: "machines", flavor.rawValue, name)
        case .instrument(let instrument, let name):
            guard document.isPresent(instrument), !complete.contains(instrument),
                catalogue.flavor(instrument.flavor).instrument(instrument.instrument) != nil
            else { return }
            patch.set(
                value, at: "machines", instrument.flavor.rawValue, "instruments",
                instrument.instrument.rawValue, name)
        }
    }

    private mutating func put(_ value: JSON, at path: InstrumentPath) {
        patch.set(
            value, at: "machines", path.flavor.rawValue, "instruments",
            path.instrument.rawValue)
    }

    /// - Parameter unknown: names that the catalogue does not know: they outlive a removal too.
    private func fields(of path: InstrumentPath, and unknown: [String]) -> JSON.Object {
        var object = JSON.Object()
        for name in Normalised.instrumentFields + unknown {
            object[name] = shown.value(at: .instrument(path, name: name))?.json
        }
        return object
    }

    /// Built from the inside out, each object once.
    func whole() -> JSON.Object {
        let unknown = UnknownFields(of: document)
        var object = JSON.Object()
        for name in Normalised.patternFields + unknown.ofPattern {
            object[name] = shown.value(at: .pattern(name: name))?.json
        }
        var machines = JSON.Object()
        for flavor in Flavor.allCases {
            var machine = JSON.Object()
            for name in Normalised.machineFields + unknown.ofMachines[flavor, default: []] {
                machine[name] = shown.value(at: .machine(flavor, name: name))?.json
            }
            var instruments = JSON.Object()
            for path in shown.instruments(of: flavor) {
                let names = unknown.ofInstruments[path, default: []]
                instruments[path.instrument.rawValue] = .object(fields(of: path, and: names))
            }
            machine["instruments"] = .object(instruments)
            machines[flavor.rawValue] = .object(machine)
        }
        object["machines"] = .object(machines)
        return object
    }
}

/// The names that the catalogue does not know, sorted, by where they stand.
private struct UnknownFields {
    private(set) var ofPattern: [String] = []
    private(set) var ofMachines: [Flavor: [String]] = [:]
    private(set) var ofInstruments: [InstrumentPath: [String]] = [:]

    init(of document: Document) {
        for path in document.fields.keys {
            switch path {
            case .pattern(let name) where !Normalised.patternFields.contains(name):
                ofPattern.append(name)
            case .machine(let flavor, let name) where !Normalised.machineFields.contains(name):
                ofMachines[flavor, default: []].append(name)
            case .instrument(let path, let name)
            where !Normalised.instrumentFields.contains(name):
                ofInstruments[path, default: []].append(name)
            default: break
            }
        }
        ofPattern.sort()
        for flavor in ofMachines.keys { ofMachines[flavor]?.sort() }
        for path in ofInstruments.keys { ofInstruments[path]?.sort() }
    }
}

extension JSON.Object {
    /// Sets the member at a path of keys, and makes the objects between.
    fileprivate mutating func set(_ value: JSON, at keys: String...) {
        set(value, at: keys[...])
    }

    private mutating func set(_ value: JSON, at keys: ArraySlice<String>) {
        guard let key = keys.first else { return }
        if keys.count == 1 {
            self[key] = value
        } else {
            withObject(key) { $0.set(value, at: keys.dropFirst()) }
        }
    }
}
