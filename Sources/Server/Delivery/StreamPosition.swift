import Wire

/// How far a stream was sent to one peer, and what sends the rest: pushes while it is *live*, else
/// pages that are read from the disk.
///
/// A stream begins *reading* and subscribed: what is committed meanwhile is noted, not sent. It is
/// live once a page reaches all that was noted, so that nothing is lost between replay and pushes,
/// and nothing comes twice. `Protocol/notifications.md#streams-and-delivery`.
struct StreamPosition: Hashable, Sendable {
    enum Phase: Hashable, Sendable {
        /// A page is being read.
        case reading
        /// The next page is read when the peer has taken what was sent.
        case waiting
        case live
    }

    /// What is to be done with a push.
    enum Arrival: Hashable, Sendable {
        case send
        /// It was sent before, or comes with a page.
        case skip
    }

    private(set) var phase = Phase.reading
    /// All up to here was sent, or is not for this peer.
    private(set) var number: Int64
    /// The number of the last event that was sent; where the stream began before the first.
    private(set) var sent: Int64
    /// What the client says it has applied.
    private(set) var acknowledged: Int64 = 0
    /// The newest that was heard of.
    private var noted: Int64 = 0
    /// A page must be read although nothing newer was heard of.
    private var mustRead = false

    init(number: Int64) {
        self.number = number
        sent = number
    }

    /// Where the stream begins turned out to be somewhere else than asked for.
    mutating func begin(at number: Int64) {
        self.number = number
        sent = number
    }

    /// A durable event takes from number `from` to `through`.
    mutating func arrived(from: Int64, through: Int64) -> Arrival {
        guard through > number else { return .skip }
        noted = max(noted, through)
        guard phase == .live else { return .skip }
        guard from <= number else {
            // It should not happen; the disk has what is between.
            phase = .waiting
            return .skip
        }
        number = through
        sent = through
        return .send
    }

    /// A latest-wins event.
    mutating func arrived() -> Arrival {
        if phase == .live { return .send }
        // Or what is being read is older.
        mustRead = true
        return .skip
    }

    /// A page was read and sent.
    ///
    /// - Parameters:
    ///   - through: all up to here is in it, or is not for this peer.
    ///   - last: the number of its last event; nil when it has none.
    ///   - isLast: it has all that was committed when it was read.
    mutating func read(through: Int64, last: Int64?, isLast: Bool) {
        number = max(number, through)
        if let last { sent = last }
        let isLive = isLast && noted <= number && !mustRead
        mustRead = mustRead || !isLast
        phase = isLive ? .live : .waiting
    }

    /// The peer does not keep up; or what the stream is made of has changed, if `mustRead`.
    mutating func fallBehind(mustRead: Bool = false) {
        if mustRead { self.mustRead = true }
        if phase == .live { phase = .waiting }
    }

    /// The peer has taken what was sent.
    ///
    /// - Returns: whether the next page is to be read now.
    mutating func drained() -> Bool {
        guard phase == .waiting else { return false }
        guard mustRead || noted > number else {
            phase = .live
            return false
        }
        mustRead = false
        phase = .reading
        return true
    }

    mutating func acknowledge(_ number: Int64) {
        acknowledged = max(acknowledged, min(number, sent))
    }
}

extension StreamOpening {
    /// From where a stream goes on: complete, or not at all.
    ///
    /// - Parameter asked: nil to go on from now.
    init(asked: Cursor?, epoch: Int64, floor: Int64, head: Int64) {
        if let asked, asked.epoch == epoch, floor...head ~= asked.number {
            self.init(recovered: true, cursor: asked)
        } else {
            self.init(recovered: false, cursor: Cursor(epoch: epoch, number: head))
        }
    }
}
