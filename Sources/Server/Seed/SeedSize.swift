/// How much `salsanor seed` makes.
package enum SeedSize: String, CaseIterable, Sendable {
    case small, large

    var users: Int { self == .small ? 200 : 100_000 }
    var patterns: Int { self == .small ? 500 : 200_000 }
    var follows: Int { self == .small ? 2_000 : 1_000_000 }
    var likes: Int { self == .small ? 5_000 : 1_000_000 }
    var comments: Int { self == .small ? 1_500 : 300_000 }
    /// Listeners who were counted lately.
    var plays: Int { self == .small ? 1_000 : 200_000 }
    /// Different machines, of which patterns have one each.
    var machines: Int { self == .small ? 100 : 2_000 }
}
