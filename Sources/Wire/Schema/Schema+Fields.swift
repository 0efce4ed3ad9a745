package import Model

extension Schema {
    /// What a field of the document takes. `Protocol/merge.md#fields`.
    package static func field(_ path: FieldPath) -> Schema {
        switch FieldRule.rule(for: path, catalogue: .current) {
        case .text(let range, let multiline): .text(range, multiline ? .multiline : .line)
        case .flavor: .enumeration(Flavor.allCases.map(\.rawValue))
        case .integer(let range): .integer(range)
        case .hundredths: .number(0...1)
        case .bool: .boolean
        case .unknown: .json
        }
    }

    package static let title = Schema.field(.pattern(name: "title"))
    /// The text below a title.
    package static let patternDescription = Schema.field(.pattern(name: "description"))
    package static let flavor = Schema.field(.pattern(name: "flavor"))
    package static let bpm = Schema.field(.machine(.salsa, name: "bpm"))
    package static let keyNote = Schema.field(.machine(.salsa, name: "keyNote"))
    /// What somebody is called, in answers: what was a name once is one, whatever the rule is now.
    package static let shownName = Schema.text(1...Limits.displayNameCharactersMax, .line)
    package static let role = Schema.enumeration(Role.allCases.map(\.rawValue))
}
