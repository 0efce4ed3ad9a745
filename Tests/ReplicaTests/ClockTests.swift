import Model
import Replica
import TestSupport
import Testing

/// playing.md#clock.
@Suite struct ClockTests {
    /// A server whose clock differs by an offset and runs faster, behind a network with delays.
    struct Network {
        var random: SplitMix64
        var offsetMs = 123_456.7
        /// Milliseconds per millisecond.
        var drift = 0.0
        var up: ClosedRange<Double> = 20...120
        var down: ClosedRange<Double> = 20...120
        var now: Duration = .seconds(5)

        func serverMs(_ time: Duration) -> Double {
            let ms = time / .milliseconds(1)
            return ms * (1 + drift) + offsetMs
        }

        mutating func probe(_ clock: inout ClockEstimate) {
            let sentAt = now
            let came = now + .milliseconds(1) * Double.random(in: up, using: &random)
            let left = came + .milliseconds(1) * Double.random(in: 0...2, using: &random)
            now = left + .milliseconds(1) * Double.random(in: down, using: &random)
            clock.add(
                sentAt: sentAt, receivedMs: Int64(serverMs(came)),
                answeredMs: Int64(serverMs(left)), receivedAt: now)
        }

        func error(of clock: ClockEstimate) -> Double {
            abs((clock.serverMs(at: now) ?? .infinity) - serverMs(now))
        }
    }

    static func p99(_ errors: [Double]) -> Double {
        errors.sorted()[errors.count * 99 / 100]
    }

    @Test(arguments: [0, 50e-6, -50e-6])
    func `Jitter of 20 to 120 ms leaves less than 10 ms`(drift: Double) {
        var first: [Double] = []
        var later: [Double] = []
        for seed in TestEnvironment.seeds(count: 100) {
            var network = Network(random: SplitMix64(seed: seed), drift: drift)
            var clock = ClockEstimate()
            for _ in 0..<32 {
                network.probe(&clock)
                network.now += .milliseconds(100)
            }
            first.append(network.error(of: clock))
            for _ in 0..<200 {
                network.probe(&clock)
                network.now += .seconds(2)
                later.append(network.error(of: clock))
                #expect(network.error(of: clock) <= (clock.errorMsMax ?? 0) + 20)
            }
        }
        #expect(Self.p99(first) < 10, "\(Self.p99(first))")
        #expect(Self.p99(later) < 10, "\(Self.p99(later))")
    }

    @Test func `Ways that are always unlike shift it by half of that, and it says how far`() {
        var network = Network(random: SplitMix64(seed: 1), up: 100...110, down: 20...30)
        var clock = ClockEstimate()
        for _ in 0..<64 {
            network.probe(&clock)
            network.now += .milliseconds(100)
        }
        #expect(37...43 ~= network.error(of: clock))
        #expect(network.error(of: clock) <= clock.errorMsMax ?? 0)
    }

    @Test func `A server's clock that is set is followed at the next probe`() {
        var network = Network(random: SplitMix64(seed: 2), up: 1...3, down: 1...3)
        var clock = ClockEstimate()
        for _ in 0..<64 { network.probe(&clock) }
        for step in [5_000.0, -31_536_000_000] {
            network.offsetMs += step
            network.probe(&clock)
            #expect(network.error(of: clock) < 5)
        }
    }

    @Test func `What the server tells unasked will do until a probe`() {
        var clock = ClockEstimate()
        #expect(clock.serverTimeMs(at: .zero) == nil)
        clock.add(toldMs: 1_000, receivedAt: .seconds(1))
        #expect(clock.serverTimeMs(at: .seconds(2)) == 2_000)
        #expect(clock.errorMsMax == nil)
        clock.add(
            sentAt: .seconds(3), receivedMs: 9_009, answeredMs: 9_010,
            receivedAt: .milliseconds(3_020))
        #expect(clock.serverTimeMs(at: .seconds(4)) == 10_000)
        // An answer from before the question.
        clock.add(
            sentAt: .seconds(5), receivedMs: 20_000, answeredMs: 30_000, receivedAt: .seconds(6))
        #expect(clock.probeCount == 1)
    }

    /// Found by fuzzing.
    @Test func `A server whose clock shows what no clock shows is not believed`() {
        var clock = ClockEstimate()
        clock.add(
            sentAt: .seconds(1), receivedMs: .max, answeredMs: .max, receivedAt: .seconds(1))
        #expect(clock.serverTimeMs(at: .seconds(3)) == nil)
    }
}
