import Model

/// How many connections are let in, and how fast; part of a configuration.
package struct AdmissionRules: Sendable {
    /// Connections at one time from one network (`ClientNetwork`).
    package var connectionsPerNetwork: Int
    /// New connections from one network.
    package var connectsPerSecond: Int
    package var connectsBurst: Int
    /// New connections in all; nil for as fast as they come.
    package var acceptsPerSecond: Int?
    package var acceptsBurst: Int
    /// Whether the limits for one network hold for this machine's own connections, too. They do
    /// not unless somebody asks: a load test is one client.
    package var coversLoopback: Bool
    /// Whose word about its clients is believed.
    package var proxies: TrustedProxies

    package init(
        connectionsPerNetwork: Int = Limits.connectionsPerNetworkMax,
        connectsPerSecond: Int = Limits.connectsPerSecondMax,
        connectsBurst: Int? = nil,
        acceptsPerSecond: Int? = Limits.acceptsPerSecondMax,
        coversLoopback: Bool = false, proxies: TrustedProxies = TrustedProxies([])
    ) {
        self.connectionsPerNetwork = connectionsPerNetwork
        self.connectsPerSecond = connectsPerSecond
        self.connectsBurst =
            connectsBurst
            ?? (connectsPerSecond == Limits.connectsPerSecondMax
                ? Limits.connectsBurstMax : connectsPerSecond)
        self.acceptsPerSecond = acceptsPerSecond
        acceptsBurst =
            acceptsPerSecond == Limits.acceptsPerSecondMax
            ? Limits.acceptsBurstMax : acceptsPerSecond ?? Limits.acceptsBurstMax
        self.coversLoopback = coversLoopback
        self.proxies = proxies
    }

    /// No limit but that of connections in all.
    static let open = AdmissionRules(
        connectionsPerNetwork: .max, connectsPerSecond: Int(Int32.max), acceptsPerSecond: nil)
}
