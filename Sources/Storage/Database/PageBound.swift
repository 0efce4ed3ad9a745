package import Model

/// Where a page of a list that is newest first ends, and the next begins. Ids break ties, so that
/// every row comes exactly once.
package struct PageBound: Hashable, Sendable {
    /// Rows of one page of a list.
    package static let rowsMax = Int64(Limits.pageRowsMax)
    /// Before the first row.
    package static let newest = PageBound(
        createdMs: Int64.max, id: Identifier(high: .max, low: .max))

    package let createdMs: Int64
    package let id: Identifier

    package init(createdMs: Int64, id: Identifier) {
        self.createdMs = createdMs
        self.id = id
    }
}

/// Rows of one page, and where the next begins; nil at the end of the list.
package struct Page<Element: Sendable>: Sendable {
    package var elements: [Element]
    package var next: PageBound?

    package init(elements: [Element], next: PageBound?) {
        self.elements = elements
        self.next = next
    }

    /// - Parameter limit: how many were asked for: fewer are the end of the list.
    package init(_ rows: [Element], limit: Int64, bound: (Element) -> PageBound) {
        elements = rows
        next = rows.count < Int(limit) ? nil : rows.last.map(bound)
    }

    package func compactMap<Other: Sendable>(_ transform: (Element) -> Other?) -> Page<Other> {
        Page<Other>(elements: elements.compactMap(transform), next: next)
    }
}
