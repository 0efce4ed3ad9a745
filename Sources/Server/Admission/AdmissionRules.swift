import Model

/// How many connections are let in, and how fast; part of a configuration.
package struct AdmissionRules: Sendable {
    /// Connections at one time from one network (`ClientNetwork`).
    package var connectionsPerNetwork: Int
    /// New connections from one network; `connectsBurstSeconds` worth of them at once.
    package var connectsPerSecond: Int
    /// New connections in all, `acceptsBurstSeconds` worth of them at once; nil for as fast as they
    /// come.
    package var acceptsPerSecond: Int?
    /// Whether the limits for one network hold for this machine's own connections, too. They do
    /// not unless somebody asks: a load test is one client.
    package var coversLoopback: Bool
    /// Whose word about its clients is believed.
    package var proxies: TrustedProxies

    package init(
        connectionsPerNetwork: Int = Limits.connectionsPerNetworkMax,
        connectsPerSecond: Int = Limits.connectsPerSecondMax,
        acceptsPerSecond: Int? = Limits.acceptsPerSecondMax,
        coversLoopback: Bool = false, proxies: TrustedProxies = TrustedProxies([])
    ) {
        self.connectionsPerNetwork = connectionsPerNetwork
        self.connectsPerSecond = connectsPerSecond
        self.acceptsPerSecond = acceptsPerSecond
        self.coversLoopback = coversLoopback
        self.proxies = proxies
    }

    func connectsBucket(now: Duration) -> TokenBucket {
        TokenBucket(
            perSecond: connectsPerSecond, burst: connectsPerSecond * Limits.connectsBurstSeconds,
            now: now)
    }

    /// Nil without a limit.
    func acceptsBucket(now: Duration) -> TokenBucket? {
        acceptsPerSecond.map {
            TokenBucket(perSecond: $0, burst: $0 * Limits.acceptsBurstSeconds, now: now)
        }
    }

    /// No limit but that of connections in all.
    static let open = AdmissionRules(
        connectionsPerNetwork: .max, connectsPerSecond: Int(Int32.max), acceptsPerSecond: nil)
}
