import CRDT
import Model

/// Lays a pending edit over a confirmed document, the way the server would apply it alone.
enum Overlay {
    static func apply(_ content: EditContent, to document: inout JSON) {
        for pointer in content.remove {
            guard case .instrument(let path)? = try? DocumentPath(pointer: pointer) else {
                continue
            }
            document.merge(patch(path, .null))
        }
        for pointer in content.add {
            guard case .instrument(let path)? = try? DocumentPath(pointer: pointer),
                !isPresent(path, in: document)
            else { continue }
            var fields = JSON.Object()
            for name in Normalised.instrumentFields {
                let field = FieldPath.instrument(path, name: name)
                fields[name] =
                    Normalised.fallback(for: field, catalogue: .current)?.json
            }
            document.merge(patch(path, .object(fields)))
        }
        for (pointer, value) in content.set.members {
            guard case .field(let path)? = try? DocumentPath(pointer: pointer),
                let scalar = try? FieldRule.rule(for: path, catalogue: .current).accept(value)
            else { continue }
            switch path {
            case .pattern(let name): document.merge([name: scalar.json])
            case .machine(let flavor, let name):
                document.merge(["machines": [flavor.rawValue: [name: scalar.json]]])
            case .instrument(let instrument, let name):
                guard isPresent(instrument, in: document) else { continue }
                document.merge(patch(instrument, [name: scalar.json]))
            }
        }
    }

    private static func patch(_ path: InstrumentPath, _ value: JSON) -> JSON {
        [
            "machines": [
                path.flavor.rawValue: ["instruments": [path.instrument.rawValue: value]]
            ]
        ]
    }

    private static func isPresent(_ path: InstrumentPath, in document: JSON) -> Bool {
        document["machines"]?[path.flavor.rawValue]?["instruments"]?[path.instrument.rawValue]
            != nil
    }
}
