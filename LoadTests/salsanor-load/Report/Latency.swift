import Histogram
import Model

/// Latencies in microseconds, three significant digits.
struct Latency {
    /// What is later than ten minutes counts as ten minutes.
    private static let microsecondsMax: UInt64 = 600_000_000
    private var histogram = Histogram<UInt64>(
        highestTrackableValue: Latency.microsecondsMax, numberOfSignificantValueDigits: .three)

    mutating func record(_ latency: Duration, count: Int = 1) {
        let microseconds = max(0, latency / .microseconds(1))
        let value = min(UInt64(microseconds.rounded(.up)), Self.microsecondsMax)
        histogram.record(max(1, value), count: UInt64(count))
    }

    mutating func add(_ other: Latency) { histogram.add(other.histogram) }

    var count: UInt64 { histogram.totalCount }

    func milliseconds(percentile: Double) -> Double {
        Double(histogram.valueAtPercentile(percentile)) / 1_000
    }

    var maxMilliseconds: Double { count == 0 ? 0 : Double(histogram.maxRecorded) / 1_000 }

    var json: JSON {
        [
            "count": .integer(Int64(clamping: count)),
            "p50Ms": JSON(milliseconds(percentile: 50)),
            "p99Ms": JSON(milliseconds(percentile: 99)), "maxMs": JSON(maxMilliseconds),
        ]
    }

    var text: String {
        let (middle, late) = (milliseconds(percentile: 50), milliseconds(percentile: 99))
        return "p50 \(middle.short) ms, p99 \(late.short) ms, max \(maxMilliseconds.short) ms"
    }
}

extension Double {
    /// Three significant digits or so, for people.
    var short: String {
        let digits = abs(self) >= 100 ? 0 : abs(self) >= 10 ? 1 : abs(self) >= 1 ? 2 : 3
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let rounded = (self * scale).rounded() / scale
        return digits == 0 ? "\(Int(rounded))" : "\(rounded)"
    }
}
