/// A line of Swift that gives a number a name: `static let requestSeconds = 10`.
struct SwiftConstant {
    let name: String
    let value: Int64

    init?(_ line: Substring) {
        guard let start = line.firstRange(of: "static let ")?.upperBound,
            let equals = line[start...].firstRange(of: " = ")
        else { return nil }
        name = String(line[start..<equals.lowerBound].prefix { $0 != ":" })
        guard let value = Self.value(of: line[equals.upperBound...]) else { return nil }
        self.value = value
    }

    private init(name: String, value: Int64) {
        self.name = name
        self.value = value
    }

    /// Those of the line: a constant, or the default values of parameters, `level: Int = 1`.
    static func all(in line: Substring) -> [SwiftConstant] {
        if let constant = SwiftConstant(line) { return [constant] }
        return line.matches(of: /(\w+): Int = ([0-9_]+)/).compactMap { match in
            value(of: match.2).map { SwiftConstant(name: String(match.1), value: $0) }
        }
    }

    /// A literal, a product, a shift, or a duration in milliseconds.
    private static func value(of text: Substring) -> Int64? {
        if let range = text.firstRange(of: " * ") {
            guard let left = value(of: text[..<range.lowerBound]),
                let right = value(of: text[range.upperBound...])
            else { return nil }
            return left * right
        }
        if let range = text.firstRange(of: " << ") {
            guard let left = value(of: text[..<range.lowerBound]),
                let right = value(of: text[range.upperBound...])
            else { return nil }
            return left << right
        }
        for (unit, factor) in [(".milliseconds(", 1), (".seconds(", 1_000)] as [(String, Int64)]
        where text.hasPrefix(unit) && text.hasSuffix(")") {
            return value(of: text.dropFirst(unit.count).dropLast()).map { $0 * factor }
        }
        return Int64(text.filter { $0 != "_" })
    }
}
