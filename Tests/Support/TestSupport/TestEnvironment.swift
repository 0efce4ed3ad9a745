import Foundation

/// What a person may ask of the randomised tests, by environment variables.
package enum TestEnvironment {
    /// A whole number; the default when it is not set or not readable.
    package static func integer(_ name: String, default standard: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard
    }

    /// The one seed to replay, if somebody asked for it: `SALSANOR_SEED`.
    package static var seed: UInt64? {
        ProcessInfo.processInfo.environment["SALSANOR_SEED"].flatMap { UInt64($0) }
    }

    /// The seeds of a randomised test: the one to replay, or 1 to `count`.
    package static func seeds(count: Int) -> [UInt64] {
        seed.map { [$0] } ?? (1...max(1, count)).map { UInt64($0) }
    }
}
