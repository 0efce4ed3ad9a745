/// Which peers of a shard hear of what. Those who have gone are taken out, so a publication looks
/// nobody up.
struct Subscriptions {
    private var peers: [StreamTopic: [UInt64: Peer]] = [:]

    subscript(topic: StreamTopic) -> Dictionary<UInt64, Peer>.Values? { peers[topic]?.values }

    var isEmpty: Bool { peers.isEmpty }

    mutating func add(_ peer: Peer, to topics: some Sequence<StreamTopic>) {
        for topic in topics { peers[topic, default: [:]][peer.address.token] = peer }
    }

    mutating func remove(_ peer: Peer, from topics: some Sequence<StreamTopic>) {
        for topic in topics {
            guard let index = peers.index(forKey: topic) else { continue }
            peers.values[index][peer.address.token] = nil
            if peers.values[index].isEmpty { peers.remove(at: index) }
        }
    }
}
