import Model
import Storage
import Transport
import Wire

/// Counters of patterns that somebody has open: merged per tick, and read when they are told, so
/// that a thousand likes are one event. `Protocol/notifications.md#pattern-stream`.
extension Shard {
    func countersChanged(of pattern: Identifier) {
        guard subscriptions[.pattern(pattern)] != nil else { return }
        if changedCounters.isEmpty {
            timers.set(
                .counters, at: moment.elapsed + .milliseconds(Limits.countersPaceMs))
        }
        changedCounters.insert(pattern)
    }

    func tellCounters() {
        let patterns = changedCounters
        changedCounters = []
        let isReading = services.reader.read(
            { connection in
                let feed = FeedStore(connection)
                return try patterns.compactMap { pattern in
                    try feed.counters(of: pattern).map {
                        Publication(.pattern(pattern), .counters, data: $0.json.serialised())
                    }
                }
            },
            completion: { [self] result in
                post { shard in
                    switch result {
                    case .success(let publications):
                        for publication in publications { shard.deliver(publication) }
                    case .failure(let error): _ = shard.unexpected(error)
                    }
                }
            })
        // Too many wait: they are told with the next tick.
        if !isReading { for pattern in patterns { countersChanged(of: pattern) } }
    }
}
