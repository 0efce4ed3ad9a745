package import Model

/// A pattern's document as plain values. `Protocol/merge.md#document`.
public struct PatternDocument: Hashable, Sendable {
    public struct Machine: Hashable, Sendable {
        /// Dance counts per minute.
        public let bpm: Int
        /// Semitones above C, 0...11.
        public let keyNote: Int
        /// In the catalogue's order.
        public let instruments: [Instrument]

        public func instrument(_ id: String) -> Instrument? {
            instruments.first { $0.id == id }
        }
    }

    public struct Instrument: Hashable, Sendable, Identifiable {
        public let id: String
        public let isEnabled: Bool
        public let activeProgram: Int
        /// 0...1.
        public let volume: Double
        /// Semitones, absolute.
        public let pitchOffset: Int

        public init(
            id: String, isEnabled: Bool = true, activeProgram: Int = 0, volume: Double = 1,
            pitchOffset: Int = 0
        ) {
            self.id = id
            self.isEnabled = isEnabled
            self.activeProgram = activeProgram
            self.volume = volume
            self.pitchOffset = pitchOffset
        }
    }

    /// Something that is other than it was.
    public struct Difference: Hashable, Sendable {
        /// A JSON pointer to a field, or to an instrument that came or went.
        public let path: String
        public enum Kind: Hashable, Sendable {
            case set(Value)
            case added
            case removed
        }
        public let kind: Kind
    }

    public let title: String
    public let description: String
    /// Which machine is shown.
    public let flavor: String
    /// By flavor; both are always there once the room has answered.
    public let machines: [String: Machine]
    /// Every field by its JSON pointer, those unknown to this version included.
    public let fields: [String: Value]

    /// The machine that is shown.
    public var machine: Machine? { machines[flavor] }

    package init(json: JSON) {
        title = json["title"]?.string ?? ""
        description = json["description"]?.string ?? ""
        flavor = json["flavor"]?.string ?? Flavor.salsa.rawValue
        var machines: [String: Machine] = [:]
        for (name, machine) in json["machines"]?.object?.members ?? [] {
            machines[name] = Machine(flavor: name, json: machine)
        }
        self.machines = machines
        var fields: [String: Value] = [:]
        Self.collect(json, at: "", into: &fields)
        self.fields = fields
    }

    private static func collect(_ json: JSON, at path: String, into fields: inout [String: Value]) {
        if let object = json.object {
            for (key, value) in object.members {
                collect(value, at: "\(path)/\(key)", into: &fields)
            }
        } else if let value = Value(json: json) {
            fields[path] = value
        }
    }

    /// What changed since `earlier`, sorted by path. An instrument that came counts once, with the
    /// fields that are not the catalogue's left to `fields`.
    public func differences(since earlier: PatternDocument) -> [Difference] {
        var differences: [Difference] = []
        let (before, after) = (earlier.instrumentPaths, instrumentPaths)
        for path in after.subtracting(before) {
            differences.append(Difference(path: path, kind: .added))
        }
        for path in before.subtracting(after) {
            differences.append(Difference(path: path, kind: .removed))
        }
        for (path, value) in fields where earlier.fields[path] != value {
            let owner = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
            if after.contains(owner), !before.contains(owner) { continue }
            differences.append(Difference(path: path, kind: .set(value)))
        }
        return differences.sorted { $0.path < $1.path }
    }

    private var instrumentPaths: Set<String> {
        var paths: Set<String> = []
        for (flavor, machine) in machines {
            for instrument in machine.instruments {
                paths.insert(Edit.instrument(instrument.id, in: flavor))
            }
        }
        return paths
    }
}

extension PatternDocument.Machine {
    fileprivate init(flavor: String, json: JSON) {
        bpm = Int(json["bpm"]?.int ?? 0)
        keyNote = Int(json["keyNote"]?.int ?? 0)
        let present = json["instruments"]?.object?.members ?? []
        let catalogue = Flavor(rawValue: flavor).map { Catalogue.current.flavor($0) }
        // Instruments of a newer catalogue come last, as they came.
        func position(_ id: String) -> Int {
            InstrumentID(rawValue: id).flatMap { catalogue?.position(of: $0) } ?? .max
        }
        instruments = present.enumerated()
            .sorted {
                (position($0.element.key), $0.offset) < (position($1.element.key), $1.offset)
            }
            .map { PatternDocument.Instrument(id: $0.element.key, json: $0.element.value) }
    }
}

extension PatternDocument.Instrument {
    fileprivate init(id: String, json: JSON) {
        self.id = id
        isEnabled = json["enabled"]?.bool ?? true
        activeProgram = Int(json["activeProgram"]?.int ?? 0)
        volume = json["volume"]?.double ?? 1
        pitchOffset = Int(json["pitchOffset"]?.int ?? 0)
    }
}
