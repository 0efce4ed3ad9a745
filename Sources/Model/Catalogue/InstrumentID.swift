/// The instruments of all flavors, by the ids of `Protocol/catalogue.json`.
package enum InstrumentID: String, Sendable, Hashable, CaseIterable {
    case clave, cowbell, congas, piano, instructor, bass, timbales, guiro, bongos, maracas
    case guira, tambora, kickdrum

    /// What else `init(_:)` takes.
    package static let aliases = ["bongo", "conga"]

    /// An id as a peer writes it: documentation in the wild says `bongo` and `conga`, so these
    /// are understood; answers carry the `rawValue`.
    package init?(_ name: String) {
        switch name {
        case "bongo": self = .bongos
        case "conga": self = .congas
        default: self.init(rawValue: name)
        }
    }
}
