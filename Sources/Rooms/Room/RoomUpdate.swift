import CRDT
package import Model
import Wire

/// Edits that the server makes for a user who called from outside the room.
/// `Protocol/patterns.md#update`.
extension Room {
    /// Judges an update as an edit of a replica that stands for the user's calls. What is refused
    /// consumed nothing, and is forgotten.
    ///
    /// - Parameters:
    ///   - role: of the user, now.
    ///   - call: responded to after the commit.
    /// - Returns: `settled(nil)` when there is nothing to change.
    package mutating func update(
        _ update: PatternUpdate, role: Role, note: OperationNote, call: CallNumber,
        at moment: Moment
    ) -> EditOutcome {
        perform(role, note, call, at: moment) { (state, catalogue) throws(WireError) in
            let change = try update.change(state, catalogue: catalogue)
            return Change(set: change.set, add: change.add, remove: change.remove)
        }
    }

    struct Change {
        var set: JSON.Object = [:]
        var add: [String] = []
        var remove: [String] = []
    }

    /// - Parameter make: the edit, of the state that it is judged against.
    mutating func perform(
        _ role: Role, _ note: OperationNote, _ call: CallNumber, at moment: Moment,
        _ make: (Document, Catalogue) throws(WireError) -> Change
    ) -> EditOutcome {
        guard role.mayEdit else { return .refused(Self.mayNotEdit(role)) }
        do throws(WireError) {
            let change = try make(speculative, catalogue)
            if change.set.members.isEmpty, change.add.isEmpty, change.remove.isEmpty {
                return .settled(nil)
            }
            let id = try callReplica(of: note.user, now: moment.elapsed)
            return try edit(change, id, note, call, at: moment)
        } catch {
            return .refused(error)
        }
    }

    private mutating func edit(
        _ change: Change, _ id: ReplicaID,
        _ note: OperationNote, _ call: CallNumber, at moment: Moment
    ) throws(WireError) -> EditOutcome {
        guard let replica = replicas[id] else { return .refused(.notJoined) }
        let request = EditRequest(
            room: self.id, replica: id, seq: replica.lastSeq + 1, set: change.set,
            add: change.add, remove: change.remove)
        if let error = passingRefusal(of: request, replica, now: moment.elapsed) {
            forgetUnused(id)
            return .retry(error)
        }
        let dot = Dot(replica: id, seq: request.seq)
        // It was made from the state that it is judged against.
        let seen = Seen(replica: id, through: speculative.number)
        var edit: GatheredEdit
        do throws(WireError) {
            edit = try accept(
                request, dot, seen, replica, [call], pathsMax: .max, at: moment)
        } catch {
            forgetUnused(id)
            throw error
        }
        edit.note = note
        replicas[id]?.lastSeq = request.seq
        gatheredBytes += edit.byteCount
        gathered.append(edit)
        return .gathered
    }

    /// One for each user, however many calls there are: replicas are kept as long as the room.
    private mutating func callReplica(
        of user: Identifier, now: Duration
    ) throws(WireError) -> ReplicaID {
        let id = Self.callReplica(of: user, in: id)
        if replicas[id] == nil { try issue(id, to: user, now: now) }
        return id
    }

    /// Nobody can take it up by `room.join`.
    static func callReplica(of user: Identifier, in room: Identifier) -> ReplicaID {
        let text = StateHash.text(ofCanonical: room.bytes + user.bytes)
        return ReplicaID(rawValue: Hexadecimal.word(String(text.prefix(16))) ?? 0)
    }
}
