import Model
import Testing

@Suite("Catalogue: machines and instruments")
struct CatalogueTests {
    private let catalogue = Catalogue.current

    /// One row of the table of instruments.
    struct Row: Sendable, Equatable {
        let id: InstrumentID
        let title: String
        let enabled: Bool
        let hundredths: Int
        let active: Int
        let programs: Int
        let followsClave: Bool
        let pitch: Int

        init(
            _ id: InstrumentID, _ title: String, enabled: Bool = true, _ hundredths: Int,
            _ active: Int, _ programs: Int, clave: Bool = false, pitch: Int = 0
        ) {
            self.id = id
            self.title = title
            self.enabled = enabled
            self.hundredths = hundredths
            self.active = active
            self.programs = programs
            self.followsClave = clave
            self.pitch = pitch
        }

        init(_ instrument: Catalogue.Instrument) {
            self.init(
                instrument.id, instrument.title, enabled: instrument.isEnabled,
                instrument.volumeHundredths, instrument.activeProgram, instrument.programs.count,
                clave: instrument.followsClave, pitch: instrument.pitchOffset.standard)
        }
    }

    @Test("Salsa has its ten instruments, in order, as they start")
    func salsa() {
        let machine = catalogue.flavor(.salsa)
        #expect(
            machine.instruments.map(Row.init) == [
                Row(.clave, "Clave", 100, 0, 2, clave: true),
                Row(.cowbell, "Cowbell", 100, 0, 5, clave: true),
                Row(.congas, "Congas", 100, 2, 12, clave: true),
                Row(.piano, "Piano", 40, 1, 21, pitch: 60),
                Row(.instructor, "Instructor", 100, 1, 10),
                Row(.bass, "Bass", 100, 0, 21, pitch: 36),
                Row(.timbales, "Timbales", 100, 0, 4, clave: true),
                Row(.guiro, "Güiro", 100, 0, 3, clave: true),
                Row(.bongos, "Bongos", enabled: false, 100, 0, 4, clave: true),
                Row(.maracas, "Maracas", enabled: false, 20, 0, 4),
            ])
        #expect([machine.counts, machine.stepsPerCount] == [8, 2])
        #expect(machine.secondsPerStepNumerator == 30)
        #expect(machine.bpm.standard == 180)
        #expect(machine.keyNote.standard == 0)
    }

    @Test("Merengue has its eight instruments, in order, as they start")
    func merengue() {
        let machine = catalogue.flavor(.merengue)
        #expect(
            machine.instruments.map(Row.init) == [
                Row(.cowbell, "Cowbell", 53, 1, 2), Row(.congas, "Congas", 90, 0, 1),
                Row(.piano, "Piano", 50, 1, 3, pitch: 60),
                Row(.instructor, "Instructor", 100, 1, 2),
                Row(.bass, "Bass", 52, 0, 1, pitch: 36), Row(.guira, "Güira", 44, 0, 5),
                Row(.tambora, "Tambora", 100, 0, 1), Row(.kickdrum, "Kick Drum", 100, 0, 1),
            ])
        #expect([machine.counts, machine.stepsPerCount] == [4, 4])
        #expect(machine.secondsPerStepNumerator == 15)
        #expect(machine.bpm.standard == 160)
        #expect(machine.keyNote.standard == 8)
    }

    @Test("a machine can be found by flavor, an instrument by id", arguments: Flavor.allCases)
    func lookup(flavor: Flavor) {
        let machine = catalogue.flavor(flavor)
        #expect(machine.flavor == flavor)
        for (position, instrument) in machine.instruments.enumerated() {
            #expect(machine.position(of: instrument.id) == position)
            #expect(machine.instrument(instrument.id)?.title == instrument.title)
        }
        #expect(catalogue.flavor(.salsa).instrument(.tambora) == nil)
        #expect(catalogue.flavor(.merengue).instrument(.clave) == nil)
    }

    @Test("ranges are the safe ones", arguments: Flavor.allCases)
    func ranges(flavor: Flavor) {
        let machine = catalogue.flavor(flavor)
        #expect(machine.bpm.range == 80...250)
        #expect(machine.keyNote.range == 0...11)
        #expect(60 / machine.stepsPerCount == machine.secondsPerStepNumerator)
        for instrument in machine.instruments {
            switch instrument.id {
            case .piano: #expect(instrument.pitchOffset.range == 48...72)
            case .bass: #expect(instrument.pitchOffset.range == 24...48)
            default: #expect(instrument.pitchOffset.range == 0...0)
            }
            #expect(instrument.isKeyed == [.piano, .bass].contains(instrument.id))
        }
    }

    @Test("every id is known, its aliases are understood, and nothing else is")
    func identifiers() {
        var met: Set<InstrumentID> = []
        for instrument in Flavor.allCases.flatMap({ catalogue.flavor($0).instruments }) {
            met.insert(instrument.id)
            #expect(InstrumentID(instrument.id.rawValue) == instrument.id)
            for alias in instrument.aliases {
                #expect(InstrumentID(alias) == instrument.id)
                #expect(InstrumentID(rawValue: alias) == nil)
            }
        }
        #expect(met == Set(InstrumentID.allCases))
        #expect(InstrumentID("bongo") == .bongos)
        #expect(InstrumentID("conga") == .congas)
        #expect(InstrumentID("Clave") == nil)
        #expect(InstrumentID("") == nil)
        #expect(catalogue.flavor(.salsa).instrument(.bongos)?.aliases == ["bongo"])
        #expect(catalogue.flavor(.merengue).instrument(.congas)?.aliases == ["conga"])
    }

    @Test("the quantum is 32 steps")
    func quantum() {
        #expect(catalogue.version == 1)
        #expect(catalogue.quantumSteps == 32)
    }
}
