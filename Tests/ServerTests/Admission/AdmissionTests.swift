import Model
import Testing
import Transport

@testable import Server

/// `Protocol/limits.md#connections`
@Suite struct AdmissionTests {
    private func address(_ host: String) throws -> SocketAddress {
        try #require(SocketAddress(host: host, port: 1))
    }

    private func network(_ host: String) throws -> ClientNetwork {
        ClientNetwork(try address(host))
    }

    private func admission(_ rules: AdmissionRules, descriptors: Int = 10_000) -> Admission {
        Admission(rules: rules, descriptors: descriptors, now: .zero)
    }

    @Test func `There is room for as many as descriptors allow`() {
        let admission = admission(.open, descriptors: Limits.descriptorsReserved + 2)
        #expect(admission.enter() == nil)
        #expect(admission.enter() == nil)
        #expect(admission.enter() == .full)
        admission.leave()
        #expect(admission.enter() == nil)
        #expect(admission.enter() == .full)
    }

    @Test func `A network has so many connections, and another one its own`() throws {
        let admission = admission(AdmissionRules(connectionsPerNetwork: 2))
        let one = try network("198.51.100.7")
        #expect(admission.enter(one, now: .zero) == nil)
        #expect(admission.enter(one, now: .zero) == nil)
        #expect(
            admission.enter(one, now: .zero)
                == .tooMany(retryAfterSeconds: Limits.networkRetrySeconds))
        #expect(admission.enter(try network("198.51.100.8"), now: .zero) == nil)
        admission.leave(one)
        #expect(admission.enter(one, now: .zero) == nil)
    }

    @Test func `An IPv6 customer is a 64, a mapped address is IPv4`() throws {
        #expect(try network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9"))
        #expect(try network("2001:db8:1:2::1") != network("2001:db8:1:3::1"))
        #expect(try network("::ffff:198.51.100.7") == network("198.51.100.7"))
        #expect(try network("198.51.100.7") != network("198.51.100.8"))
        #expect(try network("::c633:6407") != network("198.51.100.7"))
    }

    @Test func `A network connects no faster than allowed, and is told when to return`() throws {
        let admission = admission(AdmissionRules(connectsPerSecond: 2))
        let one = try network("198.51.100.7")
        for _ in 0..<2 * Limits.connectsBurstSeconds {
            #expect(admission.enter(one, now: .zero) == nil)
        }
        #expect(admission.enter(one, now: .zero) == .tooMany(retryAfterSeconds: 1))
        #expect(admission.enter(one, now: .milliseconds(501)) == nil)
        #expect(admission.enter(one, now: .milliseconds(502)) == .tooMany(retryAfterSeconds: 1))
        // To hang up is no way around it.
        for _ in 0..<5 { admission.leave(one) }
        #expect(admission.enter(one, now: .milliseconds(503)) == .tooMany(retryAfterSeconds: 1))
    }

    @Test(arguments: [1, 50, 51, 1_000])
    func `A burst is so many seconds' worth, whatever the rate`(rate: Int) throws {
        let one = try network("198.51.100.7")
        var book = NetworkBook(rules: AdmissionRules(connectsPerSecond: rate))
        var connects = 0
        while book.enter(one, isNew: true, now: .zero) == nil {
            book.leave(one)
            connects += 1
        }
        #expect(connects == rate * Limits.connectsBurstSeconds)
        let admission = admission(AdmissionRules(acceptsPerSecond: rate))
        let burst = rate * Limits.acceptsBurstSeconds
        #expect(admission.pauseAfter(accepting: burst, now: .zero) == nil)
        #expect(admission.pauseAfter(accepting: rate, now: .zero) == .seconds(1))
    }

    @Test func `Accepting pauses until its debt is paid, and drops nobody`() {
        let admission = admission(AdmissionRules(acceptsPerSecond: 10))
        let burst = 10 * Limits.acceptsBurstSeconds
        #expect(admission.pauseAfter(accepting: burst, now: .zero) == nil)
        #expect(admission.pauseAfter(accepting: 5, now: .zero) == .milliseconds(500))
        #expect(admission.pauseAfter(accepting: 0, now: .zero) == nil)
        #expect(admission.pauseAfter(accepting: 5, now: .seconds(2)) == nil)
        #expect(self.admission(.open).pauseAfter(accepting: 100_000, now: .zero) == nil)
    }

    @Test func `This machine's own connections are counted only when somebody asks`() throws {
        let proxy = try #require(NetworkPrefix("10.0.0.0/8"))
        let rules = AdmissionRules(proxies: TrustedProxies([proxy]))
        for host in ["127.0.0.1", "127.9.9.9", "::1"] {
            #expect(!admission(rules).counts(try address(host)), "\(host)")
            #expect(
                admission(AdmissionRules(coversLoopback: true)).counts(try address(host)))
        }
        #expect(admission(rules).counts(try address("198.51.100.7")))
        // Its requests say whom to count.
        #expect(!admission(rules).counts(try address("10.1.2.3")))
    }

    @Test func `Networks that nobody uses any more are forgotten`() throws {
        var book = NetworkBook(rules: AdmissionRules(connectsPerSecond: 10))
        let staying = try network("203.0.113.1")
        let refusal = book.enter(staying, isNew: true, now: .zero)
        #expect(refusal == nil)
        for index in 0..<100_000 {
            let now = Duration.milliseconds(index)
            let high = String(index / 65_536, radix: 16)
            let low = String(index % 65_536, radix: 16)
            let one = try network("2001:db8:\(high):\(low)::1")
            let refusal = book.enter(one, isNew: true, now: now)
            #expect(refusal == nil)
            book.leave(one)
        }
        // Those of the seconds that a bucket takes to fill, and as many again before a sweep.
        #expect(book.count <= 2 * 1_000 * (Limits.connectsBurstSeconds + 1) + 2)
    }
}
