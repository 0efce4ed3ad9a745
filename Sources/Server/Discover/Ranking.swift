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
    private let trendingPlaces: [Int64: Int]

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
        let trending = lists[Key(sort: .trending, flavor: nil)] ?? []
        trendingPlaces = Dictionary(
            uniqueKeysWithValues: zip(trending.map(\.number), 0...))
    }

    func list(_ sort: DiscoverSort, flavor: Flavor?) -> [SearchEntry] {
        lists[Key(sort: sort, flavor: flavor)] ?? []
    }

    /// Greater for what trends more; zero for what is not in the list.
    func trendingScore(of number: Int64) -> Int64 {
        trendingPlaces[number].map { Int64(Self.listRowsMax - $0) } ?? 0
    }
}
