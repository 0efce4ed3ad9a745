/// Which peers of a shard, by their tokens, hear of what.
struct Subscriptions {
    private var tokens: [StreamTopic: Set<UInt64>] = [:]

    subscript(topic: StreamTopic) -> Set<UInt64>? { tokens[topic] }

    var isEmpty: Bool { tokens.isEmpty }

    mutating func add(_ token: UInt64, to topics: some Sequence<StreamTopic>) {
        for topic in topics { tokens[topic, default: []].insert(token) }
    }

    mutating func remove(_ token: UInt64, from topics: some Sequence<StreamTopic>) {
        for topic in topics {
            guard let index = tokens.index(forKey: topic) else { continue }
            tokens.values[index].remove(token)
            if tokens.values[index].isEmpty { tokens.remove(at: index) }
        }
    }
}
