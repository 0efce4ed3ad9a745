import Social
import Testing

/// `Protocol/discover.md#trending`
@Suite struct TrendingTests {
    @Test func `What happened counts half as much a day later, and less each hour`() {
        #expect(Trending.decay(hour: 0) == 1)
        for hour in 0..<Trending.spanHours - Trending.halfLifeHours {
            let later = Trending.decay(hour: hour + Trending.halfLifeHours)
            #expect(abs(later / Trending.decay(hour: hour) - 0.5) < 1e-12)
            #expect(Trending.decay(hour: hour + 1) < Trending.decay(hour: hour))
        }
    }
}
