import CRDT
import Model

/// What one's own edits changed, so that they can be undone and done again.
/// `Protocol/rooms.md#undo`.
struct UndoStack: Sendable {
    static let entriesMax = 100
    /// Edits of the same fields that follow each other faster are one movement of a hand.
    static let gestureGap: Duration = .seconds(1)

    /// One place: a field and its values, or an instrument and its fields; nil where there is none.
    struct Change: Sendable {
        let pointer: String
        let isInstrument: Bool
        let before: JSON?
        var after: JSON?

        var reversed: Change {
            Change(pointer: pointer, isInstrument: isInstrument, before: after, after: before)
        }
    }

    struct Entry: Sendable {
        /// The edits that made it.
        var tickets: [EditTicket]
        var changes: [Change]
        var at: Duration

        var reversed: Entry {
            Entry(tickets: tickets, changes: changes.map(\.reversed), at: at)
        }
    }

    private(set) var undoable: [Entry] = []
    private(set) var redoable: [Entry] = []

    /// After an edit that is no undoing.
    mutating func made(
        _ content: EditContent, _ ticket: EditTicket, before: JSON, after: JSON, now: Duration
    ) {
        redoable = []
        let changes = Self.changes(of: content, before: before, after: after)
        guard !changes.isEmpty else { return }
        if let last = undoable.indices.last, now - undoable[last].at <= Self.gestureGap,
            undoable[last].changes.map(\.pointer) == changes.map(\.pointer),
            !changes.contains(where: \.isInstrument)
        {
            for (index, change) in changes.enumerated() {
                undoable[last].changes[index].after = change.after
            }
            undoable[last].tickets.append(ticket)
            undoable[last].at = now
            return
        }
        undoable.append(Entry(tickets: [ticket], changes: changes, at: now))
        if undoable.count > Self.entriesMax { undoable.removeFirst() }
    }

    private static func changes(
        of content: EditContent, before: JSON, after: JSON
    ) -> [Change] {
        var changes: [Change] = []
        func note(_ pointer: String, isInstrument: Bool) {
            let (old, new) = (before.value(at: pointer), after.value(at: pointer))
            guard old != new, !changes.contains(where: { $0.pointer == pointer }) else { return }
            changes.append(
                Change(pointer: pointer, isInstrument: isInstrument, before: old, after: new))
        }
        for pointer in content.remove + content.add {
            guard case .instrument(let path)? = try? DocumentPath(pointer: pointer),
                (before.value(at: path.description) == nil)
                    != (after.value(at: path.description) == nil)
            else { continue }
            note(path.description, isInstrument: true)
        }
        for (pointer, _) in content.set.members {
            guard case .field(let path)? = try? DocumentPath(pointer: pointer) else { continue }
            // What comes with its instrument goes with it.
            if case .instrument(let instrument, _) = path,
                changes.contains(where: { $0.pointer == instrument.description })
            {
                continue
            }
            note(path.description, isInstrument: false)
        }
        return changes.sorted { $0.pointer < $1.pointer }
    }

    /// Takes what is next: `isRedo` of what was undone, else of what was done.
    mutating func take(isRedo: Bool) -> Entry? {
        isRedo ? redoable.popLast()?.reversed : undoable.popLast()
    }

    /// What was undone can be done again, and the other way round.
    mutating func put(_ entry: Entry, isRedo: Bool) {
        if isRedo { undoable.append(entry.reversed) } else { redoable.append(entry) }
    }

    /// Somebody else's newer value stands there: the edit `ticket` leaves it out.
    mutating func leaveOut(_ pointer: String, of ticket: EditTicket) {
        func strip(_ entries: inout [Entry]) {
            for index in entries.indices where entries[index].tickets.contains(ticket) {
                entries[index].changes.removeAll { $0.pointer == pointer }
            }
            entries.removeAll(where: \.changes.isEmpty)
        }
        strip(&undoable)
        strip(&redoable)
    }

    /// The server did not take an edit.
    mutating func refused(_ ticket: EditTicket) {
        func strip(_ entries: inout [Entry]) {
            for index in entries.indices { entries[index].tickets.removeAll { $0 == ticket } }
            entries.removeAll(where: \.tickets.isEmpty)
        }
        strip(&undoable)
        strip(&redoable)
    }

    mutating func clear() {
        undoable = []
        redoable = []
    }
}

extension UndoStack.Change {
    /// Whether what this change made still stands.
    func stands(in document: JSON) -> Bool {
        let value = document.value(at: pointer)
        return isInstrument ? (value == nil) == (after == nil) : value == after
    }

    /// Adds to an edit what takes it back; false when nothing can.
    func takeBack(in content: inout EditContent) -> Bool {
        switch (isInstrument, before) {
        case (true, nil): content.remove.append(pointer)
        case (true, let fields?):
            content.add.append(pointer)
            for (name, value) in fields.object?.members ?? [] {
                content.set["\(pointer)/\(name)"] = value
            }
        // A field that nobody had set cannot be unset.
        case (false, nil): return false
        case (false, let value?): content.set[pointer] = value
        }
        return true
    }
}

extension JSON {
    /// A member of members; field names need no escapes.
    func value(at pointer: String) -> JSON? {
        var value: JSON? = self
        for key in pointer.split(separator: "/") { value = value?[String(key)] }
        return value
    }
}
