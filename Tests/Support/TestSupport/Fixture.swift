package import CRDT
package import Model
package import Rooms
import Wire

/// The pattern that the tests play with.
package enum Fixture {
    package static let room = Identifier(high: 0x0198_0000_0000_7000, low: 0x8000_0000_0000_0001)
    package static let owner = Identifier(high: 0x0198_0000_0000_7001, low: 0x8000_0000_0000_0001)
    package static let epoch: Int64 = 1_790_000_000_000
    /// When the tests begin.
    package static let startMs: Int64 = 1_790_000_000_000
    package static let yearMs: Int64 = 365 * 86_400_000

    package static let catalogue = Catalogue.current

    /// Clave and cowbell in the shown machine; the other machine whole.
    package static let document = Document(
        title: "Classic Salsa Beat", description: "A traditional salsa rhythm", flavor: .salsa,
        bpm: 180, keyNote: 0,
        instruments: [
            Document.InitialInstrument(id: .clave, values: [:]),
            Document.InitialInstrument(id: .cowbell, values: ["volume": .hundredths(50)]),
        ],
        catalogue: catalogue)

    package static func salsa(_ instrument: InstrumentID) -> InstrumentPath {
        InstrumentPath(flavor: .salsa, instrument: instrument)
    }

    package static func person(_ role: Role, _ user: Identifier? = owner) -> Participant {
        Participant(user: role == .guest ? nil : user, name: role.rawValue, role: role)
    }
}

extension String {
    package static let bpm = "/machines/Salsa/bpm"
    package static let cowbell = "/machines/Salsa/instruments/cowbell"
    package static let cowbellVolume = "/machines/Salsa/instruments/cowbell/volume"
    package static let bass = "/machines/Salsa/instruments/bass"
    package static let bassVolume = "/machines/Salsa/instruments/bass/volume"
}
