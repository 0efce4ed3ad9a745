import Model
import Synchronization

/// What waits for the journal. Any thread adds; the journal takes.
final class JournalInbox: Sendable {
    private struct State {
        var entries: [JournalEntry] = []
        var operations = 0
        /// The journal will look again by itself.
        var isScheduled = false
        var isFailing = false
        var isStopped = false
    }

    private let operationsMax: Int
    private let state = Mutex(State())

    /// - Parameter operationsMax: that may wait; rooms bound themselves, with one commit each.
    init(operationsMax: Int) {
        self.operationsMax = operationsMax
    }

    var isFailing: Bool { state.withLock { $0.isFailing } }
    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// - Returns: operations that find no room or no disk, and whether the journal must be told.
    func add(_ entries: [JournalEntry]) -> (refused: [JournalEntry], mustSchedule: Bool) {
        state.withLock { state in
            var refused: [JournalEntry] = []
            for entry in entries {
                if case .operation = entry {
                    guard state.operations < operationsMax, !state.isFailing, !state.isStopped
                    else {
                        refused.append(entry)
                        continue
                    }
                    state.operations += 1
                }
                state.entries.append(entry)
            }
            guard !state.isScheduled, !state.entries.isEmpty else { return (refused, false) }
            state.isScheduled = true
            return (refused, true)
        }
    }

    /// The next batch, within `itemsPerCommitMax` and `editsPerCommitMax`. When it is empty, the
    /// next `add` says that the journal must be told.
    func takeBatch() -> [JournalEntry] {
        state.withLock { state in
            var edits = 0
            var count = 0
            for entry in state.entries {
                if count == Limits.itemsPerCommitMax { break }
                if count > 0, edits + entry.edits > Limits.editsPerCommitMax { break }
                edits += entry.edits
                count += 1
            }
            let batch = Array(state.entries.prefix(count))
            state.entries.removeFirst(count)
            for case .operation in batch { state.operations -= 1 }
            if batch.isEmpty { state.isScheduled = false }
            return batch
        }
    }

    /// The disk does not take writes: gives back what waits, and takes no more operations.
    func fail() -> [JournalEntry] {
        state.withLock { state in
            defer {
                state.entries.removeAll()
                state.operations = 0
                state.isFailing = true
            }
            return state.entries
        }
    }

    func recover() {
        state.withLock { $0.isFailing = false }
    }

    func stop() {
        state.withLock { $0.isStopped = true }
    }
}
