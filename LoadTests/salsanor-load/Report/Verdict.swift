import Model

/// What a run must show, and whether it did. The last line printed.
struct Verdict {
    enum Outcome: String {
        case good = "GOOD"
        case bad = "NOT MET"
        /// The harness itself or somebody else was too busy: the figures say nothing about the
        /// server.
        case void = "VOID"

        var exitCode: Int32 {
            switch self {
            case .good: 0
            case .bad: 1
            case .void: 2
            }
        }
    }

    /// Of one core. Above it, the harness may itself be what is late.
    static let ownCoresMax = 0.9

    /// Of one core, on average, for runs that compare throughput. Above it, who else had the
    /// processors decides.
    static let othersCoresMax = 0.25

    private(set) var failures: [String] = []
    private(set) var ownCores = 0.0
    private(set) var othersCores = 0.0

    mutating func require(_ condition: Bool, _ failure: @autoclosure () -> String) {
        if !condition { failures.append(failure()) }
    }

    mutating func ownUsage(cores: Double) { ownCores = cores }

    mutating func othersUsage(cores: Double) { othersCores = cores }

    var outcome: Outcome {
        if ownCores > Self.ownCoresMax || othersCores > Self.othersCoresMax { return .void }
        return failures.isEmpty ? .good : .bad
    }

    func line(_ figure: String) -> String {
        var text = "verdict: \(outcome.rawValue): \(figure)"
        if ownCores > Self.ownCoresMax {
            text += "; this program itself used \(ownCores.short) of a core"
        }
        if othersCores > Self.othersCoresMax {
            text += "; others used \(othersCores.short) of a core meanwhile"
        }
        if !failures.isEmpty { text += "; " + failures.joined(separator: "; ") }
        return text
    }

    var json: JSON {
        [
            "outcome": .string(outcome.rawValue),
            "failures": .array(failures.map { .string($0) }), "harnessCores": JSON(ownCores),
        ]
    }
}
