package import Model

extension Document {
    /// An instrument of a configuration; values that were left out are the catalogue's.
    package struct InitialInstrument: Hashable, Sendable {
        package let id: InstrumentID
        package let values: [String: Scalar]

        package init(id: InstrumentID, values: [String: Scalar]) {
            self.id = id
            self.values = values
        }
    }

    /// The state before the first edit. The machine of the other flavor starts whole, with the
    /// catalogue's values; so does the shown one when there is no configuration.
    package init(
        title: String, description: String, flavor: Flavor, bpm: Int64?, keyNote: Int64?,
        instruments configuration: [InitialInstrument]?, catalogue: Catalogue
    ) {
        self.init()
        fields[.pattern(name: "title")] = Register(initial: .text(title))
        fields[.pattern(name: "description")] = Register(initial: .text(description))
        fields[.pattern(name: "flavor")] = Register(initial: .text(flavor.rawValue))
        if let bpm {
            fields[.machine(flavor, name: "bpm")] = Register(initial: .integer(bpm))
        }
        if let keyNote {
            fields[.machine(flavor, name: "keyNote")] = Register(initial: .integer(keyNote))
        }
        for other in Flavor.allCases {
            for instrument in catalogue.flavor(other).instruments
            where other != flavor || configuration == nil {
                let path = InstrumentPath(flavor: other, instrument: instrument.id)
                instruments[path] = .initial
            }
        }
        for instrument in configuration ?? [] {
            let path = InstrumentPath(flavor: flavor, instrument: instrument.id)
            instruments[path] = .initial
            for (name, value) in instrument.values {
                fields[.instrument(path, name: name)] = Register(initial: value)
            }
        }
    }
}
