/// A table of a page of `Protocol/`.
package struct MarkdownTable: Sendable {
    /// The heading that it stands under.
    package let section: String
    package let columns: [String]
    /// Cells without white space around them; `\|` is a bar.
    package let rows: [[String]]

    /// The cells of one column, in the order of the rows.
    package func cells(_ column: String) -> [String] {
        columns.firstIndex(of: column).map { index in rows.map { $0[index] } } ?? []
    }

    /// All tables of a page.
    package static func all(in page: String) -> [MarkdownTable] {
        var tables: [MarkdownTable] = []
        var section = ""
        var rows: [[String]] = []
        func end() {
            // A heading, a line of dashes, and at least one row.
            if rows.count > 2 {
                tables.append(
                    MarkdownTable(
                        section: section, columns: rows[0], rows: Array(rows.dropFirst(2))))
            }
            rows = []
        }
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("|") {
                rows.append(cells(of: line))
                continue
            }
            end()
            if line.hasPrefix("#") { section = trimmed(line.drop { $0 == "#" }) }
        }
        end()
        return tables
    }

    /// What stands between backquotes in a cell.
    package static func codes(in cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    private static func cells(of line: Substring) -> [String] {
        var cells = [""]
        var isEscaped = false
        for character in line.dropFirst() {
            if character == "|", !isEscaped {
                cells.append("")
            } else {
                cells[cells.count - 1].append(character)
            }
            isEscaped = character == "\\"
        }
        return cells.dropLast().map { trimmed($0[...]) }
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " }
        guard let end = start.lastIndex(where: { $0 != " " }) else { return "" }
        return String(start[...end])
    }
}
