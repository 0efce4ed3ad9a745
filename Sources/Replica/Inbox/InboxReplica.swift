package import Model
package import Wire

/// What a device knows of its user's inbox: what was listed, and the events since. Two that have
/// applied the same events, and listed everything, are equal. `Protocol/notifications.md#events`.
package struct InboxReplica: Hashable, Sendable {
    /// What became of an event.
    package enum Outcome: Hashable, Sendable {
        case applied
        /// It was applied before.
        case known
        /// Something is missing, or it belongs to another epoch: resume, or list again.
        case gap
    }

    package private(set) var cursor: Cursor
    package private(set) var unread: Int64
    private var byNumber: [Int64: Notice] = [:]
    /// Where the list goes on; nil once everything was listed.
    package private(set) var next: String?

    /// - Parameter page: the first page of `inbox.list`. Nil when it is none.
    package init?(page: JSON) {
        guard let epoch = page["epoch"]?.int, let number = page["number"]?.int,
            let unread = page["unread"]?.int
        else { return nil }
        cursor = Cursor(epoch: epoch, number: number)
        self.unread = unread
        _ = add(page: page)
    }

    /// Newest first.
    package var notices: [Notice] {
        byNumber.values.sorted { $0.number > $1.number }
    }

    /// A further page of `inbox.list`. Events that are still to come set right what it has too new.
    ///
    /// - Returns: false when it is older than what was applied: ask for it again.
    package mutating func add(page: JSON) -> Bool {
        guard page["epoch"]?.int == cursor.epoch,
            let number = page["number"]?.int, number >= cursor.number
        else { return false }
        for json in page["notices"]?.array ?? [] {
            if let notice = Notice(json) { byNumber[notice.number] = notice }
        }
        next = page["next"]?.string
        return true
    }

    package mutating func apply(
        _ kind: Event.Kind, _ data: JSON, _ span: Event.Span
    ) -> Outcome {
        guard span.epoch == cursor.epoch, span.from <= cursor.number else { return .gap }
        guard span.through > cursor.number else { return .known }
        switch kind {
        case .notice: put(data["notice"] ?? .null)
        case .retracted:
            for number in Self.numbers(data) { byNumber[number] = nil }
        case .read: read(data)
        case .expired:
            let through = data["through"]?.int ?? 0
            byNumber = byNumber.filter { $0.key > through }
        default: break
        }
        if let unread = data["unread"]?.int { self.unread = unread }
        cursor.number = span.through
        return .applied
    }

    private mutating func put(_ json: JSON) {
        guard let number = json["number"]?.int else { return }
        byNumber[number] = Notice(json)
    }

    private mutating func read(_ data: JSON) {
        if let through = data["through"]?.int {
            for number in byNumber.keys where number <= through {
                byNumber[number]?.isRead = true
            }
        }
        for number in Self.numbers(data) { byNumber[number]?.isRead = true }
    }

    private static func numbers(_ data: JSON) -> [Int64] {
        (data["numbers"]?.array ?? []).compactMap(\.int)
    }
}
