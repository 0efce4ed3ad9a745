/// The instruments and rhythms of each flavor: `Protocol/catalogue.json`, which clients read too.
package struct Catalogue: Sendable {
    package let version: Int
    /// Every program length divides this, so a whole machine repeats every `quantumSteps`: the
    /// unit of phase, of starting together and of changing flavor.
    package let quantumSteps: Int
    private let salsa: Machine
    private let merengue: Machine

    /// The catalogue built into this program.
    package static let current = Catalogue(document)

    /// What it was read from.
    package static var document: JSON {
        do {
            return try JSON.parse(PackageResources.catalogue_json, limits: ownLimits)
        } catch {
            preconditionFailure("catalogue.json: \(error)")
        }
    }

    package func flavor(_ flavor: Flavor) -> Machine {
        switch flavor {
        case .salsa: salsa
        case .merengue: merengue
        }
    }

    /// Our own file, so anything wrong in it is a precondition failure that names the place.
    init(_ json: JSON) {
        let reader = CatalogueReader(json)
        version = reader["version"].int
        quantumSteps = reader["quantum"].int
        let machines = reader["flavors"].elements.map(Machine.init)
        precondition(machines.map(\.flavor) == Flavor.allCases, "flavors: not the known ones")
        salsa = machines[0]
        merengue = machines[1]
    }

    /// About 6,000 values today; a stroke is four.
    private static let ownLimits = JSON.Limits(valuesMax: 32_768)
}
