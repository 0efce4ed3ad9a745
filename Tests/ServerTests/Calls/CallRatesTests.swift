import Model
import Testing
import Transport
import Wire

@testable import Server

/// `Protocol/limits.md#calls`
@Suite struct CallRatesTests {
    private func user(_ number: UInt64) -> CallRates.Holder {
        .user(Identifier(high: 0, low: number))
    }

    @Test(arguments: RateClass.allCases.filter { $0 != .free })
    func `A burst is taken, then so many per second`(_ rate: RateClass) throws {
        let rates = CallRates(now: .zero)
        for _ in 0..<rate.burst { #expect(rates.charge(rate, user(1), now: .zero) == nil) }
        let waitMs = try #require(rates.charge(rate, user(1), now: .zero))
        #expect(waitMs == Int64(1_000 / rate.perSecond))
        #expect(rates.charge(rate, user(1), now: .milliseconds(waitMs - 1)) != nil)
        #expect(rates.charge(rate, user(1), now: .milliseconds(waitMs)) == nil)
    }

    @Test func `Users, networks and classes do not charge one another`() throws {
        let rates = CallRates(now: .zero)
        for _ in 0..<RateClass.account.burst { _ = rates.charge(.account, user(1), now: .zero) }
        #expect(rates.charge(.account, user(1), now: .zero) != nil)
        #expect(rates.charge(.account, user(2), now: .zero) == nil)
        #expect(rates.charge(.write, user(1), now: .zero) == nil)
        let address = try #require(SocketAddress(host: "198.51.100.7", port: 1))
        let network = CallRates.Holder.network(ClientNetwork(address))
        #expect(rates.charge(.account, network, now: .zero) == nil)
    }

    @Test func `What is free is never charged`() {
        let rates = CallRates(now: .zero)
        for _ in 0..<10_000 { #expect(rates.charge(.free, user(1), now: .zero) == nil) }
    }

    @Test func `Buckets that are full again are forgotten, and the rest are bounded`() {
        let rates = CallRates(now: .zero)
        let holders = UInt64(CallRates.holdersMax)
        for number in 0..<holders { _ = rates.charge(.read, user(number), now: .zero) }
        #expect(rates.readerCount == CallRates.holdersMax)
        // Those who come now share one bucket.
        for number in 0..<UInt64(RateClass.read.burst) {
            #expect(rates.charge(.read, user(holders + number), now: .zero) == nil)
        }
        #expect(rates.charge(.read, user(2 * holders), now: .zero) != nil)
        #expect(rates.readerCount == CallRates.holdersMax)
        #expect(rates.charge(.read, user(3 * holders), now: .seconds(12)) == nil)
        #expect(rates.readerCount == 1)
    }
}
