import CRDT
import Model

/// Groups the edits of a room by author and movement of the hand, apart from the log that clients
/// resume from. `Protocol/history.md`.
struct HistoryBook {
    private struct Gesture {
        let user: Identifier?
        let firstNumber: Int64
        var number: Int64
        var editCount = 0
        var paths: Set<String> = []
        let firstMs: Int64
        var lastMs: Int64
        let beganAt: Duration
        var lastAt: Duration
        var document: Document
        /// Nothing is added: what a call did is taken back by itself.
        let isClosed: Bool

        var endsAt: Duration {
            isClosed
                ? lastAt
                : min(
                    lastAt + .milliseconds(Limits.gestureGapMs),
                    beganAt + .seconds(Limits.gestureSecondsMax))
        }
    }

    /// By author: edits of several hands interleave.
    private var gestures: [Gesture] = []
    /// Over, and not on disk. The first `inFlightCount` are with the journal.
    private var over: [HistoryEntry] = []
    private var inFlightCount = 0
    /// What no entry led to: how it began; or how it was after a crash, which took entries along.
    private var unlisted: (document: Document, from: Int64)?

    /// - Parameter number: that entries lead up to; nil for a room that has none.
    init(_ document: Document, listedThrough number: Int64?) {
        if number != document.number {
            unlisted = (document, number.map { $0 + 1 } ?? document.number)
        }
    }

    var isEmpty: Bool { gestures.isEmpty && over.isEmpty }

    /// When the next movement is over.
    var deadline: Duration? {
        over.count > inFlightCount ? .zero : gestures.lazy.map(\.endsAt).min()
    }

    /// What was committed together, in the order of the log.
    ///
    /// - Parameters:
    ///   - before: the document without, `after`: with it.
    mutating func note(
        _ edits: [(user: Identifier?, delta: Document, isCall: Bool)], before: Document,
        after: Document, at moment: Moment, catalogue: Catalogue
    ) {
        if let (document, from) = unlisted, !edits.isEmpty {
            unlisted = nil
            over.append(
                entry(
                    Gesture(
                        user: nil, firstNumber: from, number: document.number,
                        firstMs: moment.wallClockMs, lastMs: moment.wallClockMs,
                        beganAt: moment.elapsed, lastAt: moment.elapsed, document: document,
                        isClosed: true), catalogue))
        }
        for (user, delta, isCall) in edits {
            let open = gestures.firstIndex { $0.user == user }
            if let open, isCall || gestures[open].isClosed
                || gestures[open].endsAt <= moment.elapsed
            {
                over.append(entry(gestures.remove(at: open), catalogue))
            }
            let index = gestures.firstIndex { $0.user == user } ?? gestures.endIndex
            if index == gestures.endIndex {
                if gestures.count == Limits.openGesturesMax {
                    over.append(entry(gestures.removeFirst(), catalogue))
                }
                gestures.append(
                    Gesture(
                        user: user, firstNumber: delta.number, number: delta.number,
                        firstMs: moment.wallClockMs, lastMs: moment.wallClockMs,
                        beganAt: moment.elapsed, lastAt: moment.elapsed, document: before,
                        isClosed: isCall))
            }
            let last = min(index, gestures.count - 1)
            gestures[last].editCount += 1
            gestures[last].number = after.number
            gestures[last].document = after
            gestures[last].lastMs = moment.wallClockMs
            gestures[last].lastAt = moment.elapsed
            let paths = delta.fields.keys.map(\.description)
                + delta.instruments.filter { path, _ in
                    !delta.fields.keys.contains { field in
                        if case .instrument(path, _) = field { true } else { false }
                    }
                }.keys.map(\.description)
            for path in paths where gestures[last].paths.count < Limits.historyPathsMax {
                gestures[last].paths.insert(path)
            }
        }
    }

    /// Ends what is over by now, or everything.
    mutating func close(now: Duration, isFinal: Bool = false, catalogue: Catalogue) {
        guard !gestures.isEmpty else { return }
        for gesture in gestures where isFinal || gesture.endsAt <= now {
            over.append(entry(gesture, catalogue))
        }
        gestures.removeAll { isFinal || $0.endsAt <= now }
    }

    private func entry(_ gesture: Gesture, _ catalogue: Catalogue) -> HistoryEntry {
        HistoryEntry(
            firstNumber: gesture.firstNumber, number: gesture.number, user: gesture.user,
            editCount: gesture.editCount, paths: gesture.paths.sorted(),
            firstMs: gesture.firstMs, lastMs: gesture.lastMs,
            document: gesture.document.canonical(catalogue: catalogue))
    }

    // MARK: - To the disk

    var hasFinished: Bool { !over.isEmpty }

    mutating func beginCommit() -> [HistoryEntry] {
        inFlightCount = over.count
        return over
    }

    mutating func commitSucceeded() {
        over.removeFirst(inFlightCount)
        inFlightCount = 0
    }

    mutating func commitFailed() { inFlightCount = 0 }
}
