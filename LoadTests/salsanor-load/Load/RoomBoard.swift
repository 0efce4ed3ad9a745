import Model
import Transport

/// What the harness knows of one room: which edits came with which delta, and when each receiver
/// had it.
///
/// *Visible* is judged by the log. A receiver that has applied the delta through number n shows
/// the room as it is after n: each edit up to n, or a later one of the same field. Which delta
/// brings an edit is found in two ways, whichever comes first: the delta's own value for the field
/// names its editor and its edit; or the author's settlement, which never precedes the delta that
/// covers it. The second is needed where a delta has merged an edit away under a later one of
/// another editor, and can only be late, never early.
///
/// Every member of a room gets the same bytes, so they are parsed once: each receiver's bytes are
/// compared with the last ones parsed, whole.
final class RoomBoard {
    struct Delta {
        let from: Int64
        let through: Int64
        let fields: [(pointer: String, value: Int64)]
    }

    private struct Arrivals {
        let through: Int64
        /// When edits of this delta were due.
        var edits: [Duration] = []
        /// Receivers whose time was taken, in groups that came within `groupSpan`.
        var groups: [(at: Duration, count: Int)] = []
        var openSince: Duration = .zero
        var openAt: Duration = .zero
        var openCount = 0
        var receivers = 0
    }

    /// Receivers within it are counted at the time of the last of them, so no latency is told
    /// shorter than it was.
    private static let groupSpan: Duration = .microseconds(100)
    /// A settlement follows its delta in the same write; this is far more than it needs.
    private static let keptDeltasMax = 8_192

    private(set) var editors: [any Editor] = []
    /// The last value of each slider, by pointer.
    private(set) var shown: [String: Int64] = [:]
    private(set) var head: Int64 = 0
    private(set) var visibility = Latency()
    private var cacheBytes: [UInt8] = []
    private var cached: Delta?
    private var waiting: [Arrivals] = []
    private var byPointer: [String: [any Editor]] = [:]

    /// The highest number that any member has applied.
    var appliedMax: Int64 { editors.lazy.map(\.number).max() ?? 0 }
    /// Members that have applied less.
    var behind: Int {
        let most = appliedMax
        return editors.count { $0.number != most }
    }

    func add(_ editor: any Editor) {
        editors.append(editor)
        byPointer[editor.measure.pointer, default: []].append(editor)
    }

    // MARK: - Deltas

    /// The delta in these bytes, if they are the ones parsed last.
    func delta(in bytes: [UInt8]) -> Delta? {
        bytes == cacheBytes ? cached : nil
    }

    func parsed(_ bytes: [UInt8], _ delta: Delta) {
        cacheBytes = bytes
        cached = delta
    }

    /// Reads a patch.
    static func delta(from: Int64, through: Int64, patch: JSON) -> Delta {
        var fields: [(pointer: String, value: Int64)] = []
        for (flavor, machine) in patch["machines"]?.object?.members ?? [] {
            for (instrument, values) in machine["instruments"]?.object?.members ?? [] {
                for (name, value) in values.object?.members ?? [] where name.hasPrefix("slider") {
                    guard let value = value.int else { continue }
                    let pointer = "/machines/\(flavor)/instruments/\(instrument)/\(name)"
                    fields.append((pointer, value))
                }
            }
        }
        return Delta(from: from, through: through, fields: fields)
    }

    /// A receiver that was at `before` has applied `delta`.
    func arrived(_ delta: Delta, at receiverNumber: Int64, now: Duration) {
        if delta.through > head { firstSeen(delta) }
        // The newest are at the end, and a receiver is seldom more than one behind.
        var index = waiting.count - 1
        while index >= 0, waiting[index].through > receiverNumber {
            if waiting[index].through <= delta.through { count(index, now: now) }
            index -= 1
        }
    }

    private func firstSeen(_ delta: Delta) {
        head = delta.through
        var arrivals = Arrivals(through: delta.through)
        for (pointer, value) in delta.fields {
            shown[pointer] = value
            let (author, edit) = Slider.author(of: value)
            guard let editor = byPointer[pointer]?.first(where: { $0.measure.number == author })
            else { continue }
            editor.measure.takeShown(through: edit, into: &arrivals.edits)
        }
        waiting.append(arrivals)
        if waiting.count > Self.keptDeltasMax {
            for index in 0..<(Self.keptDeltasMax / 2) { close(index) }
            waiting.removeFirst(Self.keptDeltasMax / 2)
        }
    }

    private func count(_ index: Int, now: Duration) {
        if waiting[index].openCount > 0, now - waiting[index].openSince > Self.groupSpan {
            close(index)
        }
        if waiting[index].openCount == 0 { waiting[index].openSince = now }
        waiting[index].openAt = now
        waiting[index].openCount += 1
        waiting[index].receivers += 1
    }

    private func close(_ index: Int) {
        guard waiting[index].openCount > 0 else { return }
        let (at, count) = (waiting[index].openAt, waiting[index].openCount)
        for due in waiting[index].edits { visibility.record(at - due, count: count) }
        waiting[index].groups.append((at, count))
        waiting[index].openCount = 0
    }

    /// Edits that are settled and were in no delta by name: they came with the one through
    /// `number`, at the latest.
    func settled(_ dues: [Duration], by number: Int64) {
        guard !dues.isEmpty,
            let index = waiting.lastIndex(where: { $0.through <= number })
        else { return }
        for due in dues {
            waiting[index].edits.append(due)
            for group in waiting[index].groups {
                visibility.record(group.at - due, count: group.count)
            }
        }
    }

    /// Counts what is open, at the end of the run.
    func finish() {
        for index in waiting.indices { close(index) }
        waiting = []
    }
}
