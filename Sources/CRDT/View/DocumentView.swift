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
            put(.object(allFields(of: path)), at: path)
        } else if let removal = presence.removal, removal.number > cursor {
            put(.null, at: path)
        }
    }

    mutating func include(_ path: FieldPath) {
        guard let value = shown.value(at: path)?.json else { return }
        switch path {
        case .pattern(let name): patch[name] = value
        case .machine(let flavor, let name): patch["machines", flavor.rawValue, name] = value
        case .instrument(let instrument, let name):
            guard document.isPresent(instrument), !complete.contains(instrument),
                catalogue.flavor(instrument.flavor).instrument(instrument.instrument) != nil
            else { return }
            patch[
                "machines", instrument.flavor.rawValue, "instruments",
                instrument.instrument.rawValue, name] = value
        }
    }

    private mutating func put(_ value: JSON, at path: InstrumentPath) {
        patch["machines", path.flavor.rawValue, "instruments", path.instrument.rawValue] = value
    }

    private func fields(of path: InstrumentPath) -> JSON.Object {
        var object = JSON.Object()
        for name in Normalised.instrumentFields {
            object[name] = shown.value(at: .instrument(path, name: name))?.json
        }
        return object
    }

    /// With those that the catalogue does not know: they outlive a removal like the others.
    private func allFields(of path: InstrumentPath) -> JSON.Object {
        var object = fields(of: path)
        let unknown = document.fields.keys.compactMap { field -> String? in
            guard case .instrument(path, let name) = field,
                !Normalised.instrumentFields.contains(name)
            else { return nil }
            return name
        }
        for name in unknown.sorted() {
            object[name] = shown.value(at: .instrument(path, name: name))?.json
        }
        return object
    }

    func whole() -> JSON.Object {
        var projection = self
        for name in Normalised.patternFields { projection.include(.pattern(name: name)) }
        for flavor in Flavor.allCases {
            for name in Normalised.machineFields {
                projection.include(.machine(flavor, name: name))
            }
            projection.patch["machines", flavor.rawValue, "instruments"] = .object([:])
            for path in shown.instruments(of: flavor) {
                projection.put(.object(fields(of: path)), at: path)
            }
        }
        for path in document.fields.keys.sorted(by: { $0.description < $1.description }) {
            projection.include(path)
        }
        return projection.patch
    }
}

extension JSON.Object {
    /// The member at a path of keys; writing makes the objects between.
    fileprivate subscript(_ keys: String...) -> JSON? {
        get { value(at: keys[...]) }
        set { set(newValue, at: keys[...]) }
    }

    private func value(at keys: ArraySlice<String>) -> JSON? {
        guard let key = keys.first else { return nil }
        return keys.count == 1 ? self[key] : self[key]?.object?.value(at: keys.dropFirst())
    }

    private mutating func set(_ value: JSON?, at keys: ArraySlice<String>) {
        guard let key = keys.first else { return }
        if keys.count == 1 {
            self[key] = value
            return
        }
        var inner = self[key]?.object ?? JSON.Object()
        inner.set(value, at: keys.dropFirst())
        self[key] = .object(inner)
    }
}
