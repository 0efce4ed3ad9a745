/// One step of the schema, run once, in a transaction of its own.
///
/// A migration that was released is never edited: databases out there have run it.
package struct Migration: Sendable {
    /// 1, 2, 3... without gaps.
    package let number: Int64
    package let name: String
    /// Statements of SQLite's dialect (another engine brings its own texts with the same numbers).
    package let script: String

    package init(number: Int64, name: String, script: String) {
        self.number = number
        self.name = name
        self.script = script
    }

    /// All steps in order. Tests extend it to make a newer database.
    package static let all: [Migration] = [
        accounts, patterns, rooms, operations, social, security, answers,
        administration, familiar, search, inbox, history,
    ]
}
