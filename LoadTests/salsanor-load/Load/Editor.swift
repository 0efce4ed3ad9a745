import Model

/// Somebody who drives one slider in one room.
protocol Editor: AnyObject {
    var measure: EditorMeasure { get }
    /// Whether it is in the room and may edit.
    var isReady: Bool { get }
    /// Makes the next edit, which was due then.
    func edit(due: Duration, now: Duration)
    func tick(now: Duration)
    func close()
    var receivedBytes: Int { get }
    var sentBytes: Int { get }
    var receivedMessages: Int { get }
    /// The number of the room's history that it has applied.
    var number: Int64 { get }
    /// Its edits up to this `seq` have their verdicts.
    var settledThrough: Int64 { get }
    /// The document, of those who keep one.
    var confirmed: JSON? { get }
    var rejoins: Int { get }
    /// Acknowledged edits that were not there when the room was joined again.
    var lostAcknowledged: Int64 { get }
}

/// Who keeps no document and does not come back.
extension Editor {
    var confirmed: JSON? { nil }
    var rejoins: Int { 0 }
    var lostAcknowledged: Int64 { 0 }
}

/// The edits of one editor that are not settled, and what came of the others.
final class EditorMeasure {
    struct Edit {
        let number: Int64
        let due: Duration
        var isShown: Bool
    }

    /// In its room.
    let number: Int
    let pointer: String
    /// In the order they were made.
    private(set) var open: [Edit] = []
    private(set) var made: Int64 = 0
    private(set) var settledEdits: Int64 = 0
    private(set) var refused = 0
    private(set) var firstRefusal: String?
    /// Settled, and yet the field shows an earlier value.
    private(set) var staleAfterSettled = 0
    var deltas = 0
    /// Times the server asked to wait (`retry`).
    var retries = 0
    var failure: String?

    init(number: Int) {
        self.number = number
        pointer = Slider(editor: number).pointer
    }

    func make(due: Duration) -> Int64 {
        made += 1
        open.append(Edit(number: made, due: due, isShown: false))
        return made
    }

    /// The field shows edit `through`: that one and all before it are visible.
    func takeShown(through: Int64, into dues: inout [Duration]) {
        for index in open.indices where open[index].number <= through && !open[index].isShown {
            open[index].isShown = true
            dues.append(open[index].due)
        }
    }

    func refuse(_ edit: Int64, _ why: String) {
        refused += 1
        firstRefusal = firstRefusal ?? why
        open.removeAll { $0.number == edit }
    }

    /// Everything up to `edit` is on disk. Records how long that took, and tells the board of
    /// edits that no delta named.
    func settle(
        through edit: Int64, at number: Int64, on board: RoomBoard, acknowledgement: inout Latency,
        now: Duration
    ) {
        var count = 0
        var unnamed: [Duration] = []
        for edit_ in open {
            guard edit_.number <= edit else { break }
            count += 1
            acknowledgement.record(now - edit_.due)
            if !edit_.isShown { unnamed.append(edit_.due) }
        }
        guard count > 0 else { return }
        open.removeFirst(count)
        settledEdits += Int64(count)
        board.settled(unnamed, by: number)
        // An editor with a field of its own sees its own values there, in their order.
        if let value = board.shown[pointer] {
            let (author, shown) = Slider.author(of: value)
            if author == self.number, shown < edit { staleAfterSettled += 1 }
        } else {
            staleAfterSettled += 1
        }
    }
}
