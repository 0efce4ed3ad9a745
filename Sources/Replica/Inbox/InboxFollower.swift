import Model
import Wire

/// Keeps an inbox across sockets: what it lists, and the events that come meanwhile.
/// `Protocol/notifications.md#lists`.
package struct InboxFollower: Sendable {
    /// Events that may come while a list is on its way.
    static let waitingMax = 1_000

    /// Nil until it was listed.
    package private(set) var replica: InboxReplica?
    private var isListing = false
    private var waiting: [Event] = []
    private var isPaging = false

    package init() {}

    /// - Returns: whether it must be listed.
    mutating func opened(_ opening: StreamOpening) -> Bool {
        waiting = []
        isPaging = false
        // Before the list of an earlier socket came.
        isListing = isListing || replica == nil || !opening.recovered
        return isListing
    }

    /// - Returns: whether what it shows has changed.
    mutating func receive(_ event: Event) -> Bool {
        guard !isListing else {
            if waiting.count < Self.waitingMax { waiting.append(event) }
            return false
        }
        return apply(event)
    }

    /// The first page.
    ///
    /// - Returns: false when it cannot be gone on from: list again.
    mutating func listed(_ page: JSON) -> Bool {
        guard let listed = InboxReplica(page: page), waiting.count < Self.waitingMax else {
            waiting = []
            return false
        }
        replica = listed
        isListing = false
        for event in waiting { _ = apply(event) }
        waiting = []
        return true
    }

    private mutating func apply(_ event: Event) -> Bool {
        guard let span = event.span, var applied = replica else { return false }
        // The stream itself asks again for what is missing: here nothing can be.
        guard applied.apply(event.kind, event.data, span) == .applied else { return false }
        replica = applied
        return true
    }

    // MARK: - Older notices

    /// The cursor of the next page; nil when there is none, or one is on its way.
    mutating func beginPage() -> String? {
        guard !isListing, !isPaging, let next = replica?.next else { return nil }
        isPaging = true
        return next
    }

    mutating func add(_ page: JSON) {
        // One that is out of date is asked for again by whoever wants more.
        if !isListing { _ = replica?.add(page: page) }
        isPaging = false
    }

    mutating func endPage() { isPaging = false }
}
