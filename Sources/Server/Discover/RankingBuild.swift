import Model
import Social
import Storage
import Wire

/// A ranking on its way, in steps of a few milliseconds of reading each.
struct RankingBuild: Sendable {
    /// Likes and plays that one step reads, and some more.
    static let eventsPerStep: Int64 = 5_000
    /// Likes, and plays, that count at most: the latest.
    static let eventsMax: Int64 = 200_000
    /// Patterns that one step looks up.
    private static let entriesPerStep = 1_000

    private enum Part: Sendable {
        case likes(hour: Int, left: Int64)
        case plays(hour: Int, left: Int64)
        case mostPlayed, mostLiked
        /// Patterns by their scores, and those of them that are looked up.
        case trending([Identifier], next: Int)
    }

    private static let hourMs: Int64 = 3_600_000

    private let nowMs: Int64
    private let name: Int64
    private var part = Part.likes(hour: 0, left: eventsMax)
    private var scores: [Identifier: Double] = [:]
    private var ranked: [DiscoverSort: [SearchEntry]] = [:]

    init(nowMs: Int64, name: Int64) {
        self.nowMs = nowMs
        self.name = name
    }

    /// All steps at once, for a start.
    static func ranking(_ connection: any Connection, nowMs: Int64) throws -> Ranking {
        var build = RankingBuild(nowMs: nowMs, name: nowMs)
        while true {
            if let ranking = try build.step(connection) { return ranking }
        }
    }

    /// Does the next step; returns the ranking after the last one.
    mutating func step(_ connection: any Connection) throws -> Ranking? {
        let store = RankingStore(connection)
        switch part {
        case .likes(let hour, let left):
            let rest = try count(hour, left, Trending.likeWeight) {
                try store.likes(in: $0, limit: $1)
            }
            part = rest.map { .likes(hour: $0, left: $1) } ?? .plays(hour: 0, left: Self.eventsMax)
        case .plays(let hour, let left):
            let rest = try count(hour, left, Trending.playWeight) {
                try store.plays(in: $0, limit: $1)
            }
            part = rest.map { .plays(hour: $0, left: $1) } ?? .mostPlayed
        case .mostPlayed:
            ranked[.mostPlayed] = try store.mostPlayed()
            part = .mostLiked
        case .mostLiked:
            ranked[.mostLiked] = try store.mostLiked()
            part = .trending(byScore(), next: 0)
            scores = [:]
        case .trending(let patterns, let next):
            let end = min(next + Self.entriesPerStep, patterns.count)
            for pattern in patterns[next..<end] {
                guard let entry = try store.entry(of: pattern) else { continue }
                ranked[.trending, default: []].append(entry)
            }
            if end == patterns.count { return Ranking(madeMs: name, ranked: ranked) }
            part = .trending(patterns, next: end)
        }
        return nil
    }

    /// Counts from an hour on, the latest first.
    ///
    /// - Returns: where to go on, nil when all is counted.
    private mutating func count(
        _ first: Int, _ left: Int64, _ weight: Double,
        _ read: (Range<Int64>, Int64) throws -> [Identifier]
    ) throws -> (hour: Int, left: Int64)? {
        var (hour, left, budget) = (first, left, Self.eventsPerStep)
        while hour < Trending.spanHours, left > 0 {
            guard budget > 0 else { return (hour, left) }
            let end = nowMs + 1 - Int64(hour) * Self.hourMs
            let patterns = try read(end - Self.hourMs..<end, left)
            let value = weight * Trending.decay(hour: hour)
            for pattern in patterns { scores[pattern, default: 0] += value }
            hour += 1
            left -= Int64(patterns.count)
            budget -= Int64(patterns.count)
        }
        return nil
    }

    /// Enough of them for the list of each flavor, and for some that are not listed any more.
    private func byScore() -> [Identifier] {
        let top = scores.sorted { ($0.value, $0.key) > ($1.value, $1.key) }
        return top.prefix(Int(RankingStore.topMax)).map(\.key)
    }
}
