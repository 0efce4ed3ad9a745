import Model
import Storage
import Wire

/// The order of patterns at one moment, by each sort. It never changes: the next minute has another
/// one. `Protocol/discover.md#ranked-lists`.
struct Ranking: Sendable {
    /// Patterns in one list.
    static let listRowsMax = 1_000

    /// When it was made, and its name.
    let madeMs: Int64
    /// By sort, and by flavor; nil is for both flavors.
    private let lists: [Key: [SearchEntry]]
    /// By sort, of the first `RankingStore.topMax`: greater comes before.
    private let scores: [DiscoverSort: [Int64: Int64]]

    struct Key: Hashable, Sendable {
        let sort: DiscoverSort
        let flavor: Flavor?
    }

    /// - Parameter ranked: each sort's entries, its first one first.
    init(madeMs: Int64, ranked: [DiscoverSort: [SearchEntry]]) {
        self.madeMs = madeMs
        var lists: [Key: [SearchEntry]] = [:]
        for (sort, entries) in ranked {
            lists[Key(sort: sort, flavor: nil)] = Array(entries.prefix(Self.listRowsMax))
            for flavor in Flavor.allCases {
                lists[Key(sort: sort, flavor: flavor)] = Array(
                    entries.lazy.filter { $0.flavor == flavor.rawValue }.prefix(Self.listRowsMax))
            }
        }
        self.lists = lists
        scores = ranked.mapValues { entries in
            Dictionary(
                uniqueKeysWithValues: zip(
                    entries.map(\.number),
                    stride(from: RankingStore.topMax, to: 0, by: -1)))
        }
    }

    func list(_ sort: DiscoverSort, flavor: Flavor?) -> [SearchEntry] {
        lists[Key(sort: sort, flavor: flavor)] ?? []
    }

    /// Greater for what comes before; zero for what is not among the first.
    func score(of number: Int64, by sort: DiscoverSort) -> Int64 {
        scores[sort]?[number] ?? 0
    }
}
