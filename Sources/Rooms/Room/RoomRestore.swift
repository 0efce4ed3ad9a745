import CRDT
package import Model
import Wire

/// Bringing an earlier document back, as one new edit. `Protocol/history.md#restore`.
extension Room {
    /// - Returns: `settled(nil)` when the document is that already.
    package mutating func restore(
        _ document: JSON, role: Role, note: OperationNote, call: CallNumber, at moment: Moment
    ) -> EditOutcome {
        perform(role, note, call, at: moment) { (state, catalogue) in
            RestoredDocument(document, catalogue: catalogue).change(state)
        }
    }
}

/// What has to be edited so that a document is as it was.
private struct RestoredDocument {
    private let catalogue: Catalogue
    private var instruments: Set<InstrumentPath> = []
    private var fields: [FieldPath: JSON] = [:]

    init(_ document: JSON, catalogue: Catalogue) {
        self.catalogue = catalogue
        collect(document, at: "")
    }

    private mutating func collect(_ json: JSON, at pointer: String) {
        let path = try? DocumentPath(pointer: pointer)
        if case .instrument(let path)? = path { instruments.insert(path) }
        if let object = json.object {
            for (key, value) in object.members { collect(value, at: "\(pointer)/\(key)") }
        } else if case .field(let path)? = path,
            // What another catalogue allowed cannot come back.
            (try? FieldRule.rule(for: path, catalogue: catalogue).accept(json)) != nil
        {
            fields[path] = json
        }
    }

    /// Fields that were added since stay: there is no way to unset one.
    func change(_ state: Document) -> Room.Change {
        let shown = Normalised(state, catalogue: catalogue)
        var change = Room.Change()
        for path in Flavor.allCases.flatMap({ shown.instruments(of: $0) })
        where !instruments.contains(path) {
            change.remove.append(path.description)
        }
        for path in instruments.sorted(by: { $0.description < $1.description })
        where !state.isPresent(path) {
            change.add.append(path.description)
        }
        for (path, value) in fields.sorted(by: { $0.key.description < $1.key.description }) {
            var isNew = false
            if case .instrument(let instrument, _) = path { isNew = !state.isPresent(instrument) }
            if isNew || shown.value(at: path)?.json != value {
                change.set[path.description] = value
            }
        }
        return change
    }
}
