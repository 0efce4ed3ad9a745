package import Model

/// The instruments that a pattern sounds with, as bits of a column. A bit never gets another
/// meaning: databases out there have it.
package struct SearchInstruments: OptionSet, Hashable, Sendable {
    package let rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    package init(_ instrument: InstrumentID) {
        rawValue = 1 << Self.bit(of: instrument)
    }

    /// - Parameter text: `configuration` of a row of `patterns`: the machine that is shown.
    package init(configuration text: String) {
        let configuration = (try? JSON.parse(Array(text.utf8), limits: JSON.Limits())) ?? .null
        var bits: SearchInstruments = []
        for instrument in configuration["instruments"]?.array ?? [] {
            guard instrument["enabled"]?.bool == true,
                let id = instrument["id"]?.string.flatMap({ InstrumentID($0) })
            else { continue }
            bits.insert(SearchInstruments(id))
        }
        self = bits
    }

    private static func bit(of instrument: InstrumentID) -> Int64 {
        switch instrument {
        case .clave: 0
        case .cowbell: 1
        case .congas: 2
        case .piano: 3
        case .instructor: 4
        case .bass: 5
        case .timbales: 6
        case .guiro: 7
        case .bongos: 8
        case .maracas: 9
        case .guira: 10
        case .tambora: 11
        case .kickdrum: 12
        }
    }
}
