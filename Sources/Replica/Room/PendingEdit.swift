package import Model
import Wire

/// Names an edit to whoever made it, before and after it has a dot.
package typealias EditTicket = Int64

/// What an edit asks for, in the words of the wire: pointers and values.
package struct EditContent: Hashable, Sendable {
    package var set: JSON.Object
    package var add: [String]
    package var remove: [String]

    package init(set: JSON.Object = [:], add: [String] = [], remove: [String] = []) {
        self.set = set
        self.add = add
        self.remove = remove
    }

    /// Of the content on the wire; the rest of a message is far smaller than what is left.
    package static let bytesMax = Limits.messageBytesMax - 4_096

    var pathCount: Int { self.set.count + add.count + remove.count }

    /// An upper bound would do; this is exact but for the member names.
    var byteCount: Int {
        let paths = (add + remove).reduce(0) { $0 + $1.utf8.count + 3 }
        return JSON.object(self.set).serialised().count + paths
    }
}

/// An edit between being made and being settled.
struct PendingEdit {
    var tickets: [EditTicket]
    var content: EditContent
    /// What its author had applied.
    var base: Cursor?
    /// When it was made, in server time, as far as that is known.
    var claimedMs: Int64?
    /// Made away from the server, or cut off from it: the server would otherwise take the time of
    /// its arrival for the time of its making.
    var isLate: Bool
    /// Taken only where nobody else has written since: it undoes.
    var isOwn = false
    /// Its dot's number, from when it is first sent; never changes after that.
    var seq: Int64?
    /// Whether it was sent on the present socket.
    var isSent = false

    /// Edits that one may stand for.
    private static let ticketsMax = 4_096

    /// Later values of edits that were never sent may go along in one, if what they say of their
    /// making stays true: the same was seen, and the time counts for every value in it.
    mutating func absorb(_ other: PendingEdit) -> Bool {
        guard seq == nil, base == other.base, !isOwn, !other.isOwn,
            content.add.isEmpty, content.remove.isEmpty, other.content.add.isEmpty,
            other.content.remove.isEmpty,
            content.pathCount + other.content.pathCount <= Limits.pathsPerEditMax,
            tickets.count < Self.ticketsMax
        else { return false }
        if isLate || other.isLate {
            guard content.set.members.allSatisfy({ other.content.set[$0.key] != nil }) else {
                return false
            }
        }
        var merged = content
        for (pointer, value) in other.content.set.members { merged.set[pointer] = value }
        // Each is small enough to be sent; both together need not be.
        guard merged.byteCount <= EditContent.bytesMax else { return false }
        content = merged
        tickets += other.tickets
        claimedMs = other.claimedMs
        isLate = other.isLate
        return true
    }
}
