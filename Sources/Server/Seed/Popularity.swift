import Model

/// Who is liked, followed, or busy: the n-th in a random order with a weight of n^-0.8 (Zipf's law,
/// somewhat flattened as in what people listen to).
struct Popularity {
    /// Sums of the weights up to each place.
    private var sums: [UInt64] = []
    private var places: [Int]

    init(count: Int, random: inout SplitMix64) {
        precondition(count > 0, "nobody is popular among none")
        places = Array(0..<count)
        places.shuffle(using: &random)
        var sum: UInt64 = 0
        for place in 0..<count {
            sum += Self.weight(place + 1)
            sums.append(sum)
        }
    }

    func draw(_ random: inout SplitMix64) -> Int {
        let target = UInt64.random(in: 0..<sums[sums.count - 1], using: &random)
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > target { high = middle } else { low = middle + 1 }
        }
        return places[low]
    }

    /// n^-0.8 in millionths, by roots that are the same on every machine (IEEE 754): n^0.8 is
    /// n / n^0.2, and n^0.2 lies close to n^(3/16).
    private static func weight(_ place: Int) -> UInt64 {
        let eighth = Double(place).squareRoot().squareRoot().squareRoot()
        let power = eighth * eighth.squareRoot()
        return UInt64(1_000_000 * power / Double(place)) + 1
    }
}
