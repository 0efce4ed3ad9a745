import Model
package import Wire

/// Streams that are followed: opened with the session, and again where something is missing.
extension Session {
    /// Begins to follow a stream, from a cursor or from now.
    package mutating func follow(_ stream: StreamName, from cursor: Cursor? = nil) {
        guard streams[stream] == nil else { return }
        streams[stream] = FollowedStream(cursor: cursor)
        if phase == .open { sendOpen(stream) }
    }

    package mutating func unfollow(_ stream: StreamName) {
        guard streams.removeValue(forKey: stream) != nil, phase == .open else { return }
        send(.streamClose, ["stream": .string(stream.text)], for: .leave)
    }

    /// What was followed is followed by whoever signs in next, from the beginning.
    mutating func forgetStreams() {
        for name in streams.keys { streams[name]?.cursor = nil }
        if inbox != nil { inbox = InboxFollower() }
    }

    /// The `streams` of `session.open`.
    var streamParams: JSON? {
        if streams.isEmpty { return nil }
        var object = JSON.Object()
        for (name, stream) in streams.sorted(by: { $0.key.text < $1.key.text }) {
            object[name.text] = stream.cursor?.json ?? .null
        }
        return .object(object)
    }

    /// The `streams` of a heartbeat.
    var streamNumbers: JSON.Object {
        var object = JSON.Object()
        for (name, stream) in streams.sorted(by: { $0.key.text < $1.key.text }) {
            guard stream.isOpen, let cursor = stream.cursor else { continue }
            object[name.text] = .integer(cursor.number)
        }
        return object
    }

    mutating func sendOpen(_ stream: StreamName) {
        var params: JSON.Object = ["stream": .string(stream.text)]
        params["cursor"] = streams[stream]?.cursor?.json
        streams[stream]?.closed()
        send(.streamOpen, params, for: .stream(stream))
    }

    mutating func opened(_ stream: StreamName, _ json: JSON) {
        guard let opening = StreamOpening(json: json), streams[stream] != nil else { return }
        streams[stream]?.opened(opening)
        tell(stream, .opened(opening))
    }

    /// - Parameter retryAfterMs: what the server asked for; nil when it is not to be tried again.
    mutating func refused(_ stream: StreamName, _ error: WireError, now: Duration) {
        guard streams[stream] != nil else { return }
        streams[stream]?.closed()
        if error.name.isRetryable {
            reopenings[stream] =
                now + (error.retryAfterMs.map { .milliseconds($0) } ?? reconnection.nextDelay())
        } else {
            streams[stream] = nil
            tell(stream, .ended(code: error.name.rawValue, reason: error.message))
        }
    }

    mutating func received(_ event: Event, now: Duration) {
        switch event.kind {
        case .opened: opened(event.stream, event.data)
        case .closed:
            let name = event.data["code"]?.string.flatMap(ErrorName.init) ?? .internal
            refused(
                event.stream,
                WireError(
                    name, event.data["reason"]?.string ?? "",
                    retryAfterMs: event.data["retryAfterMs"]?.int), now: now)
        default:
            switch streams[event.stream]?.arrived(event.span) {
            case .apply?: tell(event.stream, .event(event))
            case .reopen?:
                // It should not happen; if it does again and again, not in a hurry.
                streams[event.stream]?.closed()
                reopenings[event.stream] = now + reconnection.nextDelay()
            case .ignore?, nil: break
            }
        }
    }

    /// The answer of a heartbeat says what was sent before it.
    mutating func compare(sent: JSON.Object) {
        for (text, number) in sent.members {
            guard let name = StreamName(text: text), let number = number.int,
                let stream = streams[name], stream.isOpen, let cursor = stream.cursor,
                cursor.number < number
            else { continue }
            sendOpen(name)
        }
    }

    private mutating func tell(_ stream: StreamName, _ news: StreamNews) {
        if stream == .inbox { inboxHeard(news) }
        outputs.append(.stream(stream, news))
    }
}
