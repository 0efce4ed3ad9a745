/// A set of log numbers, kept as sorted ranges that neither overlap nor touch.
///
/// The server numbers edits without gaps, so the causal context of a room's state is one range,
/// where a vector of all replicas that ever wrote would grow for ever.
package struct NumberSet: Hashable, Sendable {
    package private(set) var ranges: [ClosedRange<Int64>]

    package init() {
        ranges = []
    }

    package init(_ range: ClosedRange<Int64>) {
        ranges = [range]
    }

    package init(_ numbers: some Sequence<Int64>) {
        self.init(ranges: numbers.map { $0...$0 })
    }

    /// Ranges in any order; they may overlap.
    package init(ranges: [ClosedRange<Int64>]) {
        self.ranges = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = self.ranges.last, range.lowerBound <= last.upperBound + 1 {
                self.ranges[self.ranges.count - 1] =
                    last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                self.ranges.append(range)
            }
        }
    }

    package func contains(_ number: Int64) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < number { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= number
    }

    package mutating func formUnion(_ other: NumberSet) {
        if other.ranges.isEmpty { return }
        var merged: [ClosedRange<Int64>] = []
        merged.reserveCapacity(ranges.count + other.ranges.count)
        var (mine, theirs) = (0, 0)
        while mine < ranges.count || theirs < other.ranges.count {
            let next: ClosedRange<Int64>
            if theirs == other.ranges.count
                || (mine < ranges.count
                    && ranges[mine].lowerBound <= other.ranges[theirs].lowerBound)
            {
                next = ranges[mine]
                mine += 1
            } else {
                next = other.ranges[theirs]
                theirs += 1
            }
            if let last = merged.last, next.lowerBound <= last.upperBound + 1 {
                merged[merged.count - 1] =
                    last.lowerBound...max(last.upperBound, next.upperBound)
            } else {
                merged.append(next)
            }
        }
        ranges = merged
    }

    /// Makes it all numbers from 0 to `number`.
    mutating func fill(through number: Int64) {
        if ranges.count == 1 {
            ranges[0] = 0...number
        } else {
            ranges = [0...number]
        }
    }
}
