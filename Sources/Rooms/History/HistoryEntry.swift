package import Model

/// What one author did in one go, and the document after it. `Protocol/history.md#entries`.
package struct HistoryEntry: Hashable, Sendable {
    /// The first edit in it; it names the entry.
    package let firstNumber: Int64
    /// Of the document.
    package let number: Int64
    /// Nil for the beginning, and for edits whose authors are not known any more.
    package let user: Identifier?
    package let editCount: Int
    /// Pointers to what was changed, sorted, at most `historyPathsMax`.
    package let paths: [String]
    package let firstMs: Int64
    package let lastMs: Int64
    /// Canonical JSON.
    package let document: [UInt8]
}
