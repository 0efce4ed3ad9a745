/// The beat of a room: stopped, or one segment, and at most one that takes over at a boundary to
/// come. `Protocol/playing.md#beat`.
package struct Beat: Hashable, Sendable {
    /// Every program's length divides it.
    package static let cycleSteps: Int64 = 32
    private static let cycleParts = cycleSteps * BeatSegment.partsPerStep
    private static let segmentsMax = 2

    /// What is asked of the machines now.
    package struct Tempo: Hashable, Sendable {
        /// The machine that is shown.
        package let flavor: Flavor
        private let bpms: [Flavor: Int64]

        package init(flavor: Flavor, bpm: (Flavor) -> Int64) {
            self.flavor = flavor
            bpms = Dictionary(uniqueKeysWithValues: Flavor.allCases.map { ($0, bpm($0)) })
        }

        package func bpm(of flavor: Flavor) -> Int64 { bpms[flavor] ?? 1 }
    }

    package private(set) var segments: [BeatSegment] = []
    /// The first step that does not sound any more.
    package private(set) var endStep: Int64?

    package init() {}

    // MARK: - What sounds

    /// The position in parts; nil while nothing sounds: before the start, after the end.
    package func parts(atMs ms: Int64) -> Int64? {
        guard let first = segments.first, ms >= first.fromMs else { return nil }
        let parts = segment(atMs: ms, or: first).parts(atMs: ms)
        if let endStep, parts >= endStep * BeatSegment.partsPerStep { return nil }
        return parts
    }

    /// The step that sounds, counted from the start.
    package func step(atMs ms: Int64) -> Int64? {
        parts(atMs: ms)?.flooredQuotient(by: BeatSegment.partsPerStep)
    }

    /// Nothing sounds, and nothing will.
    package func hasEnded(atMs ms: Int64) -> Bool {
        guard let first = segments.first else { return true }
        return ms >= first.fromMs && parts(atMs: ms) == nil
    }

    private func segment(atMs ms: Int64, or first: BeatSegment) -> BeatSegment {
        segments.last { $0.fromMs <= ms } ?? first
    }

    // MARK: - What changes it

    /// Begins with step 0, slightly ahead; takes back an end that is still to come.
    package mutating func start(_ tempo: Tempo, nowMs: Int64) {
        let hasEnded = hasEnded(atMs: nowMs)
        endStep = nil
        guard hasEnded else { return }
        segments = [
            BeatSegment(
                fromMs: nowMs + Int64(Limits.playingLeadMs), parts: 0, flavor: tempo.flavor,
                bpm: tempo.bpm(of: tempo.flavor))
        ]
    }

    /// Ends at the next boundary of a cycle that is far enough ahead, or after the step that
    /// sounds then.
    package mutating func stop(soon: Bool, nowMs: Int64) {
        guard let first = segments.first else { return }
        guard first.fromMs <= nowMs, !hasEnded(atMs: nowMs) else {
            self = Beat()
            return
        }
        let parts = parts(aheadOf: nowMs, first)
        let step =
            soon ? parts.roundedUp(to: BeatSegment.partsPerStep) : Self.boundary(after: parts)
        endStep = min(endStep ?? .max, step / BeatSegment.partsPerStep)
    }

    /// Follows the document: a tempo at once and without a jump, another machine at the next
    /// boundary of a cycle that is far enough ahead.
    package mutating func follow(_ tempo: Tempo, nowMs: Int64) {
        guard let first = segments.first, !hasEnded(atMs: nowMs) else { return }
        guard first.fromMs <= nowMs else {
            segments = [
                BeatSegment(
                    fromMs: first.fromMs, parts: first.parts, flavor: tempo.flavor,
                    bpm: tempo.bpm(of: tempo.flavor))
            ]
            return
        }
        var current = segment(atMs: nowMs, or: first)
        let next = segments.last.flatMap { $0.fromMs > nowMs ? $0 : nil }
        // A boundary that was announced stays the same step.
        let announced = next.map {
            $0.parts.flooredQuotient(by: Self.cycleParts) * Self.cycleParts
        }
        if current.bpm != tempo.bpm(of: current.flavor) {
            current = current.anchored(atMs: nowMs, bpm: tempo.bpm(of: current.flavor))
        }
        segments = [current]
        guard tempo.flavor != current.flavor else { return }
        let boundary = announced ?? Self.boundary(after: parts(aheadOf: nowMs, current))
        segments.append(
            current.followed(
                by: tempo.flavor, bpm: tempo.bpm(of: tempo.flavor), atParts: boundary))
    }

    private func parts(aheadOf nowMs: Int64, _ first: BeatSegment) -> Int64 {
        let ms = nowMs + Int64(Limits.playingLeadMs)
        return segment(atMs: ms, or: first).parts(atMs: ms)
    }

    private static func boundary(after parts: Int64) -> Int64 { parts.roundedUp(to: cycleParts) }

    // MARK: - On the wire

    package var json: JSON.Object {
        var object: JSON.Object = ["segments": .array(segments.map(\.json))]
        if let endStep { object["endStep"] = .integer(endStep) }
        return object
    }

    /// Nil for what is no beat.
    package init?(json: JSON) {
        let entries = json["segments"]?.array ?? []
        segments = entries.compactMap(BeatSegment.init(json:))
        guard entries.count <= Self.segmentsMax, segments.count == entries.count else {
            return nil
        }
        endStep = json["endStep"]?.int.map { min(max($0, 0), 1 << 40) }
    }
}

extension Int64 {
    fileprivate func roundedUp(to unit: Int64) -> Int64 {
        (self + unit - 1).flooredQuotient(by: unit) * unit
    }
}
