import ArgumentParser
import Model
import Server

/// Who is let in, and how fast.
struct AdmissionOptions: ParsableArguments {
    @Option(
        help: """
            Connections at one time from one IPv4 address or IPv6 /64; given, it also holds for \
            this machine's own. (default: \(Limits.connectionsPerNetworkMax))
            """)
    var connectionsPerAddress: Int?

    @Option(
        help: """
            New connections a second from one address, \(Limits.connectsBurstSeconds) seconds' \
            worth of them at once; given, it also holds for this machine's own. (default: \
            \(Limits.connectsPerSecondMax))
            """)
    var connectsPerAddress: Int?

    @Option(
        help: """
            New connections a second in all, \(Limits.acceptsBurstSeconds) seconds' worth of them \
            at once; those beyond it wait.
            """)
    var acceptsPerSecond: Int = Limits.acceptsPerSecondMax

    @Option(
        help: """
            Address or range (CIDR) of a proxy whose word about its clients is believed. Repeat \
            for several.
            """)
    var trustedProxy: [String] = []

    @Option(
        help: """
            The field that the trusted proxies fill in: x-forwarded-for or forwarded (RFC 7239). \
            The other one comes from anybody, and is ignored.
            """)
    var forwardedHeader: ForwardedHeader = .xForwardedFor

    func validate() throws {
        for (name, value) in [
            ("--connections-per-address", connectionsPerAddress ?? 1),
            ("--connects-per-address", connectsPerAddress ?? 1),
            ("--accepts-per-second", acceptsPerSecond),
        ] where !(1...1_000_000 ~= value) {
            throw ValidationError("\(name) takes 1 to 1000000")
        }
        for proxy in trustedProxy where NetworkPrefix(proxy) == nil {
            throw ValidationError(
                "--trusted-proxy takes an address or a range such as 10.0.0.0/8, not \(proxy)")
        }
    }

    var rules: AdmissionRules {
        AdmissionRules(
            connectionsPerNetwork: connectionsPerAddress ?? Limits.connectionsPerNetworkMax,
            connectsPerSecond: connectsPerAddress ?? Limits.connectsPerSecondMax,
            acceptsPerSecond: acceptsPerSecond,
            coversLoopback: connectionsPerAddress != nil || connectsPerAddress != nil,
            proxies: TrustedProxies(
                trustedProxy.compactMap { NetworkPrefix($0) }, header: forwardedHeader))
    }
}

extension ForwardedHeader: ExpressibleByArgument {}
