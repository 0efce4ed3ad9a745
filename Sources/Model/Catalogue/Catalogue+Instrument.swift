extension Catalogue {
    /// One instrument of a flavor, and the state in which it starts.
    package struct Instrument: Sendable {
        package let id: InstrumentID
        package let title: String
        /// Other ids that are understood on input.
        package let aliases: [String]
        package let isEnabled: Bool
        /// 0...100; the wire says 0...1.
        package let volumeHundredths: Int
        /// An index into `programs`.
        package let activeProgram: Int
        /// Turned around together with the clave's direction.
        package let followsClave: Bool
        /// Transposed by the machine's key.
        package let isKeyed: Bool
        /// Semitones, absolute; a document without one means the default, not 0.
        package let pitchOffset: Parameter
        /// What the pitches of an instrument that is not keyed stand for, by pitch.
        package let strokeNames: [String]
        package let programs: [Program]

        init(_ reader: CatalogueReader) {
            guard let id = InstrumentID(rawValue: reader["id"].string) else {
                reader["id"].fail("no instrument")
            }
            self.id = id
            title = reader["title"].string
            aliases = reader["aliases"].elements.map(\.string)
            isEnabled = reader["enabled"].bool
            volumeHundredths = Int(reader["volume"].double * 100 + 0.5)
            activeProgram = reader["activeProgram"].int
            followsClave = reader["followsClave"].bool
            isKeyed = reader["keyed"].bool
            pitchOffset = Parameter(reader["pitchOffset"])
            strokeNames = reader["strokeNames"].elements.map(\.string)
            programs = reader["programs"].elements.map(Program.init)
            if !programs.indices.contains(activeProgram) {
                reader["activeProgram"].fail("no such program")
            }
        }
    }

    /// A rhythm: strokes that repeat every `lengthSteps`.
    package struct Program: Sendable, Hashable {
        package let title: String
        package let lengthSteps: Int
        /// By step, then by pitch.
        package let strokes: [Stroke]

        init(_ reader: CatalogueReader) {
            title = reader["title"].string
            lengthSteps = reader["length"].int
            strokes = reader["strokes"].elements.map(Stroke.init)
        }
    }

    package struct Stroke: Sendable, Hashable {
        /// From 0, below the program's length.
        package let step: Int
        /// Semitones above the key where the instrument is keyed, else an index of `strokeNames`.
        package let pitch: Int
        /// 0...1.
        package let velocity: Double

        init(_ reader: CatalogueReader) {
            step = reader["step"].int
            pitch = reader["pitch"].int
            velocity = reader["velocity"].double
        }
    }
}
