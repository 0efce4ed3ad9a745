import Model
import Testing

@Suite("Catalogue: programs")
struct ProgramTests {
    private let catalogue = Catalogue.current

    private func program(
        _ flavor: Flavor, _ id: InstrumentID, _ index: Int
    ) throws -> Catalogue.Program {
        let programs = try #require(catalogue.flavor(flavor).instrument(id)).programs
        return try #require(programs.indices.contains(index) ? programs[index] : nil)
    }

    @Test("each program can be played", arguments: Flavor.allCases)
    func playable(flavor: Flavor) {
        for instrument in catalogue.flavor(flavor).instruments {
            for program in instrument.programs {
                let place = Comment("\(instrument.id) \(program.title)")
                #expect(!program.title.isEmpty, place)
                #expect(program.lengthSteps > 0, place)
                #expect(catalogue.quantumSteps % program.lengthSteps == 0, place)
                #expect(!program.strokes.isEmpty, place)
                let places = program.strokes.map { [$0.step, $0.pitch] }
                #expect(Set(places).count == places.count, "\(place): one stroke is there twice")
                #expect(places == places.sorted { $0.lexicographicallyPrecedes($1) }, place)
                let pitches = instrument.isKeyed ? -12...24 : 0...instrument.strokeNames.count - 1
                for stroke in program.strokes {
                    #expect((0..<program.lengthSteps).contains(stroke.step), place)
                    #expect(stroke.velocity > 0 && stroke.velocity <= 1, place)
                    #expect(pitches.contains(stroke.pitch), place)
                }
            }
            #expect(
                Set(instrument.programs.map(\.title)).count == instrument.programs.count,
                "\(instrument.id): a title is there twice")
        }
    }

    @Test(
        "lengths are those that documents count on",
        arguments: [
            (.salsa, .clave, [16, 16]), (.salsa, .cowbell, [16, 16, 4, 4, 16]),
            (.salsa, .congas, [8, 16, 8, 16, 16, 8, 16, 16, 16, 8, 8, 16]),
            (
                .salsa, .piano,
                [
                    16, 32, 32, 32, 16, 32, 32, 16, 32, 32, 16, 16, 16, 16, 16, 32, 32, 32, 32, 32,
                    32,
                ]
            ),
            (.salsa, .instructor, Array(repeating: 16, count: 10)),
            (
                .salsa, .bass,
                [
                    16, 32, 16, 16, 16, 32, 32, 32, 16, 32, 16, 16, 16, 16, 16, 8, 32, 32, 32, 16,
                    16,
                ]
            ),
            (.salsa, .timbales, [16, 16, 16, 16]), (.salsa, .guiro, [4, 4, 16]),
            (.salsa, .bongos, [8, 16, 16, 16]), (.salsa, .maracas, [2, 4, 8, 8]),
            (.merengue, .cowbell, [16, 16]), (.merengue, .congas, [16]),
            (.merengue, .piano, [32, 32, 32]), (.merengue, .instructor, [16, 16]),
            (.merengue, .bass, [32]), (.merengue, .guira, [4, 4, 8, 8, 4]),
            (.merengue, .tambora, [8]), (.merengue, .kickdrum, [4]),
        ] as [(Flavor, InstrumentID, [Int])])
    func lengths(flavor: Flavor, id: InstrumentID, lengths: [Int]) throws {
        let instrument = try #require(catalogue.flavor(flavor).instrument(id))
        #expect(instrument.programs.map(\.lengthSteps) == lengths)
    }

    @Test(
        "traditional figures are on their steps",
        arguments: [
            (.salsa, .clave, 0, "Son Clave", [2, 4, 8, 11, 14]),
            (.salsa, .clave, 1, "Rumba Clave", [2, 4, 8, 11, 15]),
            (.salsa, .cowbell, 1, "Simple Cowbell", [0, 4, 8, 12]),
            (.salsa, .cowbell, 4, "Caballo Complex", [2, 3, 6, 7, 10, 11, 13, 15]),
            (.salsa, .timbales, 0, "Cáscara", [0, 2, 4, 5, 7, 8, 10, 11, 13, 15]),
            (
                .salsa, .timbales, 3, "Mambo Bell (Contra Campana)",
                [0, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15]
            ),
            (.salsa, .instructor, 1, "1,5", [0, 8]),
            (.salsa, .instructor, 5, "2,3,6,7", [2, 4, 10, 12]),
            (.merengue, .instructor, 1, "1,2,3,4", [0, 4, 8, 12]),
            (.merengue, .kickdrum, 0, "Merengue Kick", [0]),
        ] as [(Flavor, InstrumentID, Int, String, [Int])])
    func steps(
        flavor: Flavor, id: InstrumentID, index: Int, title: String, steps: [Int]
    ) throws {
        let program = try program(flavor, id, index)
        #expect(program.title == title)
        #expect(program.strokes.map(\.step) == steps)
    }

    @Test(
        "traditional figures have their strokes and accents",
        arguments: [
            (
                .salsa, .congas, 2,
                "0:0@0.6 1:1@0.6 2:2@1.0 3:1@0.6 4:0@0.6 5:1@0.6 6:3@1.0 7:3@1.0"
            ),
            (
                .salsa, .congas, 3,
                "0:0@0.6 1:1@0.6 2:2@1.0 3:1@0.6 4:0@0.6 5:1@0.6 6:3@1.0 7:3@1.0 8:0@0.6 9:1@0.6 "
                    + "10:2@1.0 11:1@0.6 11:4@1.0 12:0@0.6 12:4@1.0 13:1@0.6 14:3@1.0 15:3@1.0"
            ),
            (
                .salsa, .bongos, 0,
                "0:0@1.0 1:1@1.0 2:3@1.0 3:1@1.0 4:0@1.0 5:1@1.0 6:2@1.0 7:1@1.0"
            ),
            (.salsa, .guiro, 0, "0:1@1.0 2:1@0.4 3:1@0.4"),
            (.salsa, .bass, 0, "3:5@1.0 6:7@1.0 11:5@1.0 14:0@1.0"),
            (.salsa, .bass, 2, "3:-5@1.0 6:0@1.0 11:7@1.0 14:2@1.0"),
            (.salsa, .bass, 20, "0:12@1.0 3:12@1.0 6:0@1.0 14:7@1.0"),
            (.salsa, .maracas, 2, "0:0@1.0 2:0@1.0 3:1@1.0 4:0@1.0 6:1@1.0"),
            (.merengue, .tambora, 0, "0:0@1.0 3:1@1.0 4:0@1.0 6:2@1.0"),
            (
                .merengue, .guira, 2,
                "0:0@0.66 2:0@0.66 3:0@0.66 4:1@1.0 6:0@0.66 7:0@0.66"
            ),
            (
                .merengue, .bass, 0,
                "0:0@1.0 4:7@1.0 8:0@1.0 12:7@1.0 16:5@1.0 20:0@1.0 24:5@1.0"
            ),
        ] as [(Flavor, InstrumentID, Int, String)])
    func strokes(flavor: Flavor, id: InstrumentID, index: Int, text: String) throws {
        let strokes = try program(flavor, id, index).strokes
        let written = strokes.map { "\($0.step):\($0.pitch)@\($0.velocity)" }
        #expect(written.joined(separator: " ") == text)
    }

    @Test("a second variation of the martillo adds one stroke to the first")
    func martillo() throws {
        let first = try program(.salsa, .bongos, 1).strokes
        let second = try program(.salsa, .bongos, 2).strokes
        #expect(second.filter { !first.contains($0) }.map { [$0.step, $0.pitch] } == [[8, 2]])
        #expect(second.count == first.count + 1)
    }

    @Test("Merengue's cowbell plays the first two programs of Salsa's")
    func cowbell() throws {
        for index in 0...1 {
            #expect(
                try program(.merengue, .cowbell, index) == program(.salsa, .cowbell, index))
        }
    }

    @Test(
        "a montuno has its chords' roots in octaves on their beats",
        arguments: [
            (0, [0, 5, -5, 5]), (7, [0, 5, -5, 5]), (10, [0, -4]), (11, [0, -5, -5, 0]),
            (12, [2, -5, 0, 0]), (13, [0, 5, 2, -5]), (14, [0, 5, -5, 5]), (18, [0, -5, -5, 0]),
            (19, [0, -5, -5, 0]), (20, [-5, -5, 0, 0]),
        ])
    func montuno(index: Int, roots: [Int]) throws {
        let program = try program(.salsa, .piano, index)
        for (chord, root) in roots.enumerated() {
            let beat = chord * program.lengthSteps / roots.count
            let pitches = program.strokes.filter { $0.step == beat }.map(\.pitch)
            #expect(pitches == [root, root + 12], "\(program.title), step \(beat)")
        }
    }
}
