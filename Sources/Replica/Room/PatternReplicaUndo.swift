import CRDT
import Model
import Wire

/// Undoing one's own edits. `Protocol/rooms.md#undo`.
extension PatternReplica {
    package struct Reversal: Hashable, Sendable {
        /// Of the edit that does it; nil when nothing is left of it.
        package let ticket: EditTicket?
        /// The pointers that it changes.
        package let changed: [String]
        /// Those where something newer stands, which stays.
        package let skipped: [String]
    }

    /// Whether `undo` would change anything, as far as is known here.
    package var canUndo: Bool { undoStack.undoable.last.map(isStanding) ?? false }
    package var canRedo: Bool { undoStack.redoable.last.map { isStanding($0.reversed) } ?? false }

    private func isStanding(_ entry: UndoStack.Entry) -> Bool {
        let shown = shown
        return entry.changes.contains { $0.stands(in: shown) }
    }

    /// Takes back one's last edit that was not taken back; nil when there is none, or too many
    /// edits wait for the server. Where somebody else has written since, it changes nothing.
    package mutating func undo(claimedMs: Int64?) -> Reversal? {
        reverse(isRedo: false, claimedMs: claimedMs)
    }

    /// Does again what was undone last, unless something was edited since.
    package mutating func redo(claimedMs: Int64?) -> Reversal? {
        reverse(isRedo: true, claimedMs: claimedMs)
    }

    private mutating func reverse(isRedo: Bool, claimedMs: Int64?) -> Reversal? {
        guard pending.count < Self.pendingEditsMax,
            var entry = undoStack.take(isRedo: isRedo)
        else { return nil }
        var content = EditContent()
        var skipped: [String] = []
        let shown = shown
        entry.changes = entry.changes.compactMap { change in
            guard change.stands(in: shown), change.takeBack(in: &content) else {
                skipped.append(change.pointer)
                return nil
            }
            var change = change
            // What an instrument came back with was not known when it was made.
            change.after = shown.value(at: change.pointer)
            return change
        }
        guard !entry.changes.isEmpty else {
            return Reversal(ticket: nil, changed: [], skipped: skipped)
        }
        let ticket = makeTicket()
        entry.tickets = [ticket]
        undoStack.put(entry, isRedo: isRedo)
        append(
            PendingEdit(
                tickets: [ticket], content: content, base: cursor, claimedMs: claimedMs,
                isLate: !isLive, isOwn: true))
        return Reversal(
            ticket: ticket, changed: entry.changes.map(\.pointer), skipped: skipped)
    }

    /// The server knows of a newer value that somebody else wrote: the rest is sent anew.
    ///
    /// - Returns: false when nothing is left to be sent.
    mutating func resendWithout(_ path: String, _ edit: PendingEdit) -> Bool {
        guard let ticket = edit.tickets.first else { return false }
        let places = edit.content.remove + edit.content.add
        let place =
            places.first { path == $0 || path.hasPrefix($0 + "/") }
            ?? (edit.content.set[path] == nil ? nil : path)
        guard let place else { return false }
        undoStack.leaveOut(place, of: ticket)
        changes.append(.skipped(ticket, path: place))
        var rest = EditContent(
            add: edit.content.add.filter { $0 != place },
            remove: edit.content.remove.filter { $0 != place })
        for (pointer, value) in edit.content.set.members
        where pointer != place && !pointer.hasPrefix(place + "/") {
            rest.set[pointer] = value
        }
        guard rest.pathCount > 0 else { return false }
        append(
            PendingEdit(
                tickets: edit.tickets, content: rest, base: cursor, claimedMs: edit.claimedMs,
                isLate: edit.isLate, isOwn: true))
        return true
    }
}
