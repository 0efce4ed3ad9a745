/// How much a pattern is liked and played of late. `Protocol/discover.md#trending`.
package enum Trending {
    /// Likes and plays older than this do not count.
    package static let spanHours = 7 * 24
    /// A like or play counts half as much after this.
    package static let halfLifeHours = 24
    /// A like says more than a play: it is one, too, and an effort.
    package static let likeWeight = 4.0
    package static let playWeight = 1.0

    /// What a like or play counts in the n-th hour since it happened, from 0 on.
    package static func decay(hour: Int) -> Double {
        precondition(0..<spanHours ~= hour, "older ones do not count")
        return decays[hour]
    }

    /// Powers of one hour's decay: exact on every machine, unlike a `pow` of its library.
    private static let decays: [Double] = {
        var values: [Double] = []
        var value = 1.0
        for _ in 0..<spanHours {
            values.append(value)
            value *= hourDecay
        }
        return values
    }()

    /// 2^(-1/24): halves after `halfLifeHours`.
    private static let hourDecay = 0.971_531_941_153_605_9
}
