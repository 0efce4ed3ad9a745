import Crypto
import Model
import Transport

/// Where a call comes from, as far as sessions and throttles remember it.
struct ClientTrace: Sendable {
    /// At most 45 characters.
    let address: String?
    let agent: String?
    /// SHA-256 of the IPv4 address, or of the /64 of an IPv6 address.
    let networkSHA256: [UInt8]
    /// Whether attempts of the network as a whole are counted: not those of this machine.
    let isCounted: Bool

    init(_ peer: Peer) {
        address = peer.client?.host
        agent = peer.userAgent
        isCounted = peer.network != nil
        var hash = SHA256()
        if let octets = peer.client?.unmappedOctets { hash.update(data: Array(octets.prefix(8))) }
        networkSHA256 = Array(hash.finalize())
    }

    /// What a client calls itself, as it is stored; nil for nothing.
    static func agent(_ header: String?) -> String? {
        guard let header else { return nil }
        let visible = header.unicodeScalars
            .filter { $0.value >= 0x20 && !(0x7F...0x9F ~= $0.value) }
        let agent = String(String.UnicodeScalarView(visible.prefix(Limits.userAgentCharactersMax)))
        return agent.isEmpty ? nil : agent
    }
}
