extension Catalogue {
    /// What one flavor's machine consists of and starts with.
    package struct Machine: Sendable {
        package let flavor: Flavor
        /// Dance counts of the cycle that is shown, 8 or 4.
        package let counts: Int
        package let stepsPerCount: Int
        /// A step lasts this many seconds divided by the bpm, which counts dance counts a minute.
        package let secondsPerStepNumerator: Int
        package let bpm: Parameter
        /// 0...11 from C to B.
        package let keyNote: Parameter
        /// In the order of the machine: digit key n belongs to instrument n.
        package let instruments: [Instrument]
        private let positions: [InstrumentID: Int]

        /// Nil when this flavor has no such instrument.
        package func instrument(_ id: InstrumentID) -> Instrument? {
            position(of: id).map { instruments[$0] }
        }

        /// The place in `instruments`, from 0.
        package func position(of id: InstrumentID) -> Int? {
            positions[id]
        }

        init(_ reader: CatalogueReader) {
            guard let flavor = Flavor(rawValue: reader["id"].string) else {
                reader["id"].fail("no flavor")
            }
            self.flavor = flavor
            counts = reader["counts"].int
            stepsPerCount = reader["stepsPerCount"].int
            secondsPerStepNumerator = reader["secondsPerStepNumerator"].int
            bpm = Parameter(reader["bpm"])
            keyNote = Parameter(reader["keyNote"])
            instruments = reader["instruments"].elements.map(Instrument.init)
            positions = Dictionary(
                uniqueKeysWithValues: instruments.enumerated().map { ($1.id, $0) })
        }
    }

    /// A whole number that a document may set, with what it is when nobody did.
    package struct Parameter: Sendable, Hashable {
        package let standard: Int
        package let range: ClosedRange<Int>

        init(_ reader: CatalogueReader) {
            standard = reader["default"].int
            range = reader["min"].int...reader["max"].int
            if !range.contains(standard) { reader["default"].fail("out of range") }
        }
    }
}
