/// A stretch of steady beat: which step sounds at a time of the server's clock, exactly. Positions
/// are counted in parts, sixty-thousandths of a step, because at n steps a minute each millisecond
/// advances the position by n of them. `Protocol/playing.md#beat`.
package struct BeatSegment: Hashable, Sendable {
    package static let partsPerStep: Int64 = 60_000
    /// Times and steps beyond these are nobody's: all sums stay inside 64 bits.
    private static let times: ClosedRange<Int64> = 0...(1 << 48)
    private static let steps: ClosedRange<Int64> = 0...(1 << 40)
    private static let tempos: ClosedRange<Int64> = 1...1_000

    /// It holds from here on, in milliseconds of the server's clock.
    package let fromMs: Int64
    /// The position then.
    package let parts: Int64
    package let flavor: Flavor
    /// Dance counts per minute.
    package let bpm: Int64

    package init(fromMs: Int64, parts: Int64, flavor: Flavor, bpm: Int64) {
        self.fromMs = fromMs
        self.parts = parts
        self.flavor = flavor
        self.bpm = bpm
    }

    package var stepsPerMinute: Int64 { bpm * flavor.stepsPerBeatMinute }

    package func parts(atMs ms: Int64) -> Int64 {
        let ms = min(max(ms, Self.times.lowerBound), Self.times.upperBound)
        return parts + (ms - fromMs) * stepsPerMinute
    }

    /// The first whole millisecond at which the position is `parts` or more.
    package func firstMs(atParts target: Int64) -> Int64 {
        fromMs - (parts - target).flooredQuotient(by: stepsPerMinute)
    }

    /// The same beat from `ms` on, at another tempo: the position does not jump.
    package func anchored(atMs ms: Int64, bpm: Int64) -> BeatSegment {
        BeatSegment(fromMs: ms, parts: parts(atMs: ms), flavor: flavor, bpm: bpm)
    }

    /// Another beat that takes over at a position of this one. What of the first millisecond lies
    /// behind that position counts at the new tempo, rounded down to a part.
    package func followed(by flavor: Flavor, bpm: Int64, atParts boundary: Int64) -> BeatSegment {
        let ms = firstMs(atParts: boundary)
        let next = BeatSegment(fromMs: ms, parts: boundary, flavor: flavor, bpm: bpm)
        let over = (parts(atMs: ms) - boundary) * next.stepsPerMinute / stepsPerMinute
        return BeatSegment(fromMs: ms, parts: boundary + over, flavor: flavor, bpm: bpm)
    }

    package var json: JSON {
        [
            "fromMs": .integer(fromMs),
            "step": .integer(parts.flooredQuotient(by: Self.partsPerStep)),
            "part": .integer(
                parts - parts.flooredQuotient(by: Self.partsPerStep) * Self.partsPerStep),
            "flavor": .string(flavor.rawValue), "bpm": .integer(bpm),
        ]
    }

    package init?(json: JSON) {
        guard let fromMs = json["fromMs"]?.int, Self.times.contains(fromMs),
            let step = json["step"]?.int, Self.steps.contains(step),
            let part = json["part"]?.int, 0..<Self.partsPerStep ~= part,
            let flavor = json["flavor"]?.string.flatMap(Flavor.init(rawValue:)),
            let bpm = json["bpm"]?.int, Self.tempos.contains(bpm)
        else { return nil }
        self.init(
            fromMs: fromMs, parts: step * Self.partsPerStep + part, flavor: flavor, bpm: bpm)
    }
}

extension Flavor {
    /// Steps a minute at one dance count a minute.
    fileprivate var stepsPerBeatMinute: Int64 {
        60 / Int64(Catalogue.current.flavor(self).secondsPerStepNumerator)
    }
}

extension Int64 {
    /// Rounded down, also below zero.
    package func flooredQuotient(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder != 0 && (remainder < 0) != (divisor < 0) ? quotient - 1 : quotient
    }
}
