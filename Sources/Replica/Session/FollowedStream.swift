package import Wire

/// A stream that a client follows, across sockets: each durable event is passed on once.
/// `Protocol/notifications.md#streams-and-delivery`.
struct FollowedStream: Sendable {
    /// What to do with an event.
    enum Arrival {
        case apply
        /// It came before.
        case ignore
        /// Something is missing.
        case reopen
    }

    /// The last that was passed on; nil before the stream was opened.
    var cursor: Cursor?
    private(set) var isOpen = false

    init(cursor: Cursor?) {
        self.cursor = cursor
    }

    mutating func opened(_ opening: StreamOpening) {
        isOpen = true
        cursor = opening.cursor
    }

    mutating func closed() {
        isOpen = false
    }

    mutating func arrived(_ span: Event.Span?) -> Arrival {
        guard let span else { return isOpen ? .apply : .ignore }
        // What was on its way when the stream was opened again.
        guard isOpen, let cursor else { return .ignore }
        guard span.epoch == cursor.epoch, span.from <= cursor.number else { return .reopen }
        guard span.through > cursor.number else { return .ignore }
        self.cursor = Cursor(epoch: span.epoch, number: span.through)
        return .apply
    }
}

/// What a stream brings.
package enum StreamNews: Hashable, Sendable {
    /// Unless it was recovered, what the stream is about must be listed again.
    case opened(StreamOpening)
    case event(Event)
    /// The server has closed it, and it is not followed any more.
    case ended(code: String, reason: String)
}
