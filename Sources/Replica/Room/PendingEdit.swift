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

    var pathCount: Int { self.set.count + add.count + remove.count }
}

/// An edit between being made and being settled.
struct PendingEdit {
    var tickets: [EditTicket]
    var content: EditContent
    /// What its author had applied.
    var base: Cursor?
    /// When it was made, in server time, if it was made away from the server.
    var claimedMs: Int64?
    /// Its dot's number, from when it is first sent; never changes after that.
    var seq: Int64?
    /// Whether it was sent on the present socket.
    var isSent = false

    /// Later values of edits that were never sent may go along in one.
    mutating func absorb(_ other: EditContent, ticket: EditTicket, claimedMs: Int64?) -> Bool {
        guard seq == nil, content.add.isEmpty, content.remove.isEmpty, other.add.isEmpty,
            other.remove.isEmpty, content.pathCount + other.pathCount <= Limits.pathsPerEditMax,
            tickets.count < Limits.pathsPerEditMax * 64
        else { return false }
        for (pointer, value) in other.set.members { content.set[pointer] = value }
        tickets.append(ticket)
        self.claimedMs = claimedMs
        return true
    }
}
