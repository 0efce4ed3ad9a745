import Replica
import Wire

/// Streams of a client as sequences: followed while somebody listens.
extension SalsaClient {
    /// - Parameters:
    ///   - missed: told when a slow reader lost something; nil when only the newest counts.
    ///   - make: an element of the sequence, or nil for news that are none. Called on the loop.
    func stream<Element: Sendable>(
        _ name: StreamName, bufferedMax: Int, missed: Element?,
        make: @escaping @Sendable (StreamNews) -> Element?
    ) -> AsyncStream<Element> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Element.self, bufferingPolicy: .bufferingNewest(bufferedMax))
        let listener = StreamListener(
            hear: { news in
                guard let element = make(news) else { return }
                if case .dropped = continuation.yield(element), let missed {
                    continuation.yield(missed)
                }
            }, finish: { continuation.finish() })
        onCore(orElse: { continuation.finish() }) { [weak self] core in
            guard let number = core.add(listener, to: name) else { return }
            continuation.onTermination = { [weak self] _ in
                self?.onCore { $0.removeListener(number, of: name) }
            }
        }
        return stream
    }
}

/// Somebody who listens to a stream.
struct StreamListener: Sendable {
    let hear: @Sendable (StreamNews) -> Void
    let finish: @Sendable () -> Void
}

extension ClientCore {
    /// The first who listens to a stream opens it; who comes later begins where it is.
    func add(_ listener: StreamListener, to name: StreamName) -> Int? {
        guard state != .closed else {
            listener.finish()
            return nil
        }
        let number = waiting.add(listener, to: name)
        follow(name)
        return number
    }

    func removeListener(_ number: Int, of name: StreamName) {
        if waiting.removeListener(number, of: name) { unfollow(name) }
    }
}
