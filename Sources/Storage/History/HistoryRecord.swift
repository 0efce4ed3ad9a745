package import Model

/// A row of `history`: what one author did in one go.
package struct HistoryRow: Hashable, Sendable {
    package var firstNumber: Int64
    package var number: Int64
    package var user: Identifier?
    package var editCount: Int64
    /// A JSON array of pointers.
    package var paths: String
    package var firstMs: Int64
    package var lastMs: Int64
    /// Canonical JSON of the document at `number`.
    package var document: [UInt8]

    package init(
        firstNumber: Int64, number: Int64, user: Identifier?, editCount: Int64, paths: String,
        firstMs: Int64, lastMs: Int64, document: [UInt8]
    ) {
        self.firstNumber = firstNumber
        self.number = number
        self.user = user
        self.editCount = editCount
        self.paths = paths
        self.firstMs = firstMs
        self.lastMs = lastMs
        self.document = document
    }
}

/// One in a list: without its document, with what its author is called now.
package struct ListedHistory: Hashable, Sendable {
    package let row: HistoryRow
    /// Nil when there is no such account any more.
    package let userName: String?
}

/// A row of `versions`: a document that somebody gave a name.
package struct VersionRecord: Hashable, Sendable {
    package let id: Identifier
    package let pattern: Identifier
    package var name: String
    package let number: Int64
    package let createdBy: Identifier?
    package let createdMs: Int64

    package init(
        id: Identifier, pattern: Identifier, name: String, number: Int64, createdBy: Identifier?,
        createdMs: Int64
    ) {
        self.id = id
        self.pattern = pattern
        self.name = name
        self.number = number
        self.createdBy = createdBy
        self.createdMs = createdMs
    }
}
