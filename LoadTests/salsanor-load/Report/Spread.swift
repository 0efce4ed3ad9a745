/// Figures of several rounds: the middle one, and how far they lie apart.
struct Spread {
    let median: Double
    let least: Double
    let most: Double

    /// - Parameter values: at least one.
    init(_ values: [Double]) {
        let sorted = values.sorted()
        median = sorted[sorted.count / 2]
        least = sorted[0]
        most = sorted[sorted.count - 1]
    }

    var text: String { "\(median.short) (\(least.short) to \(most.short))" }
}

extension String {
    /// Filled up with spaces, for columns.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
