import Model

/// A small picture of a pattern: its strokes, a row for each instrument, a column for each step.
/// `Protocol/patterns.md#picture`. Pure: text in, SVG out, no scripts and nothing from elsewhere.
enum Thumbnail {
    static let width = 320
    static let height = 180
    private static let margin = 12
    private static let titleHeight = 24

    static func path(of pattern: Identifier) -> String {
        "/v1/patterns/\(pattern)/thumbnail.svg"
    }

    /// The pattern that a path names; nil for another path.
    static func pattern(ofPath path: String) -> Identifier? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "v1", parts[2] == "patterns",
            parts[4] == "thumbnail.svg"
        else { return nil }
        return Identifier(parts[3])
    }

    /// - Parameter configuration: as rows have it; what the catalogue does not know is left out.
    static func svg(
        title: String, flavor: Flavor, configuration: JSON, catalogue: Catalogue
    ) -> String {
        let rows = strokes(of: configuration, catalogue.flavor(flavor))
        let steps = catalogue.quantumSteps
        var svg = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" \
            width="\(width)" height="\(height)" role="img">\
            <title>\(escaped(title))</title>\
            <rect width="\(width)" height="\(height)" fill="#1b1420"/>\
            <text x="\(margin)" y="\(margin + 10)" fill="#f6e9d8" font-family="sans-serif" \
            font-size="13">\(escaped(shortened(title)))</text>
            """
        // In tenths: whole numbers are the same on every machine.
        let cellWidth = (width - 2 * margin) * 10 / steps
        let rowHeight =
            (height - 2 * margin - titleHeight) * 10 / max(rows.count, 4)
        let top = (margin + titleHeight) * 10
        for (index, row) in rows.enumerated() {
            let y = top + index * rowHeight
            svg += """
                <g fill="\(row.isEnabled ? color(index) : "#5a4f60")">\
                <rect x="\(margin)" y="\(tenths(y + rowHeight / 2))" \
                width="\(width - 2 * margin)" height="0.5" opacity="0.4"/>
                """
            for step in row.steps {
                svg += """
                    <rect x="\(tenths(margin * 10 + step * cellWidth))" y="\(tenths(y + 5))" \
                    width="\(tenths(cellWidth * 7 / 10))" height="\(tenths(rowHeight - 10))" \
                    rx="1.5"/>
                    """
            }
            svg += "</g>"
        }
        return svg + "</svg>\n"
    }

    private struct Row {
        let isEnabled: Bool
        /// Where it sounds, in a whole cycle.
        let steps: [Int]
    }

    private static func strokes(of configuration: JSON, _ machine: Catalogue.Machine) -> [Row] {
        let entries = configuration["instruments"]?.array ?? []
        return machine.instruments.compactMap { instrument in
            guard
                let entry = entries.first(where: {
                    $0["id"]?.string == instrument.id.rawValue
                })
            else { return nil }
            let wanted = entry["activeProgram"]?.int.flatMap(Int.init(exactly:))
            let program = instrument.programs[
                wanted.flatMap { instrument.programs.indices.contains($0) ? $0 : nil }
                    ?? instrument.activeProgram]
            let length = max(1, program.lengthSteps)
            let cycle = Catalogue.current.quantumSteps
            let steps = stride(from: 0, to: cycle, by: length).flatMap { start in
                program.strokes.map { start + $0.step }
            }
            return Row(
                isEnabled: entry["enabled"]?.bool ?? instrument.isEnabled,
                steps: Set(steps).filter { $0 < cycle }.sorted())
        }
    }

    private static func color(_ index: Int) -> String {
        ["#f2a541", "#e8615a", "#5fb6a4", "#d98cc4", "#8fa8f0", "#c7d15b"][index % 6]
    }

    private static func tenths(_ value: Int) -> String { "\(value / 10).\(value % 10)" }

    private static func shortened(_ title: String) -> String {
        title.count > 36 ? title.prefix(35) + "…" : title
    }

    /// XML 1.0 §2.2 and §2.4: what is markup is written otherwise, what is no character left out.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n", "\r": result += " "
            case _ where scalar.value < 0x20 || 0xFFFE...0xFFFF ~= scalar.value: break
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
