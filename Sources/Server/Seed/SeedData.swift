import CRDT
import Model
import Rooms
import Storage

/// All rows of a seeded database, before any is written: so counters are known when the rows that
/// have them are. The same size, seed and end give the same rows.
struct SeedData {
    struct Pair {
        let from: Int
        let to: Int
        let ms: Int64
    }

    struct Pattern {
        let owner: Int
        let machine: Int
        let createdMs: Int64
        /// An earlier one.
        let original: Int?
        let isPublic: Bool
        let isDeleted: Bool
    }

    struct Comment {
        let user: Int
        let pattern: Int
        /// An earlier one of the same pattern.
        let parent: Int?
        let ms: Int64
    }

    static let spanMs: Int64 = 2 * 365 * 86_400_000

    let size: SeedSize
    let endMs: Int64
    /// Nobody was there before.
    var startMs: Int64 { endMs - Self.spanMs }
    /// In the order of time, like all that follow.
    private(set) var usersMs: [Int64] = []
    private(set) var patterns: [Pattern] = []
    private(set) var likes: [Pair] = []
    private(set) var follows: [Pair] = []
    private(set) var comments: [Comment] = []
    private(set) var plays: [Pair] = []
    private(set) var machines: [PatternContent] = []
    private var random: SplitMix64

    init(size: SeedSize, seed: UInt64, endMs: Int64) {
        self.size = size
        self.endMs = endMs
        random = SplitMix64(seed: seed)
        usersMs = (0..<size.users).map { _ in moment(after: startMs) }.sorted()
        for _ in 0..<size.machines { machines.append(machine()) }
        makePatterns()
        let listened = Popularity(count: size.patterns, random: &random)
        let busy = Popularity(count: size.users, random: &random)
        let known = Popularity(count: size.users, random: &random)
        let (joined, made) = (usersMs, patterns.map(\.createdMs))
        likes = pairs(size.likes, from: busy, to: listened) { max(joined[$0], made[$1]) }
        follows = pairs(size.follows, differs: true, from: busy, to: known) {
            max(joined[$0], joined[$1])
        }
        let lately = endMs - 7 * 86_400_000
        plays = pairs(size.plays, from: busy, to: listened) { max(joined[$0], made[$1], lately) }
        makeComments(by: busy, on: listened)
    }

    private mutating func makePatterns() {
        let makers = Popularity(count: size.users, random: &random)
        let owners = (0..<size.patterns).map { _ in makers.draw(&random) }
        let made = owners.map { (owner: $0, ms: moment(after: usersMs[$0])) }
            .sorted { $0.ms < $1.ms }
        for (index, (owner, ms)) in made.enumerated() {
            var original: Int?
            if index > 0, Int.random(in: 0..<10, using: &random) == 0 {
                let other = Int.random(in: 0..<index, using: &random)
                if patterns[other].isPublic { original = other }
            }
            patterns.append(
                Pattern(
                    owner: owner, machine: Int.random(in: machines.indices, using: &random),
                    createdMs: ms, original: original,
                    isPublic: Int.random(in: 0..<100, using: &random) >= 8,
                    isDeleted: Int.random(in: 0..<100, using: &random) == 0))
        }
    }

    private mutating func makeComments(by busy: Popularity, on listened: Popularity) {
        var threads: [Int: [Int]] = [:]
        let drawn = (0..<size.comments).map { _ in
            let (user, pattern) = (busy.draw(&random), listened.draw(&random))
            return (
                user, pattern, moment(after: max(usersMs[user], patterns[pattern].createdMs))
            )
        }
        for (user, pattern, ms) in drawn.sorted(by: { $0.2 < $1.2 }) {
            let thread = threads[pattern] ?? []
            let replies = Int.random(in: 0..<10, using: &random) < 3
            comments.append(
                Comment(
                    user: user, pattern: pattern,
                    parent: replies ? thread.randomElement(using: &random) : nil, ms: ms))
            threads[pattern, default: []].append(comments.count - 1)
        }
    }

    /// Different pairs, in the order of time.
    ///
    /// - Parameter differs: nobody with themselves.
    private mutating func pairs(
        _ count: Int, differs: Bool = false, from: Popularity, to: Popularity,
        earliest: (Int, Int) -> Int64
    ) -> [Pair] {
        var seen: Set<UInt64> = []
        seen.reserveCapacity(count)
        var pairs: [Pair] = []
        while pairs.count < count {
            let (one, other) = (from.draw(&random), to.draw(&random))
            guard !differs || one != other else { continue }
            guard seen.insert(UInt64(one) << 32 | UInt64(other)).inserted else { continue }
            pairs.append(Pair(from: one, to: other, ms: moment(after: earliest(one, other))))
        }
        return pairs.sorted { $0.ms < $1.ms }
    }

    private mutating func moment(after ms: Int64) -> Int64 {
        Int64.random(in: min(ms, endMs - 1)..<endMs, using: &random)
    }

    // MARK: - Values

    /// One that plays: at least the clave or the güira, most of the others, in some volume.
    private mutating func machine() -> PatternContent {
        let catalogue = Catalogue.current
        let flavor: Flavor = Int.random(in: 0..<10, using: &random) < 7 ? .salsa : .merengue
        let known = catalogue.flavor(flavor)
        var chosen: [Document.InitialInstrument] = []
        for (index, instrument) in known.instruments.enumerated() {
            guard index == 0 || Int.random(in: 0..<10, using: &random) < 7 else { continue }
            chosen.append(
                Document.InitialInstrument(
                    id: instrument.id,
                    values: [
                        "enabled": .bool(Int.random(in: 0..<10, using: &random) < 8),
                        "activeProgram": .integer(
                            Int64.random(in: 0..<Int64(instrument.programs.count), using: &random)),
                        "volume": .hundredths(Int64.random(in: 20...100, using: &random)),
                    ]))
        }
        let around =
            Int64.random(in: -45...45, using: &random)
            + Int64.random(in: -45...45, using: &random)
        let bpm = min(250, max(80, (flavor == .salsa ? 180 : 150) + around / 2))
        let document = Document(
            title: "-", description: "", flavor: flavor, bpm: bpm,
            keyNote: Int64.random(in: 0...11, using: &random), instruments: chosen,
            catalogue: catalogue)
        return PatternContent(CommitDraft.Row(of: document, catalogue: catalogue))
    }
}
