import CRDT
package import Model
package import Wire

/// Coming and going. `Protocol/rooms.md#join`.
extension Room {
    package enum JoinOutcome: Sendable {
        case joined(MemberNumber, JoinResult)
        case refused(WireError)
    }

    /// - Parameters:
    ///   - freshReplica: a random id, used if this join needs a new one.
    package mutating func join(
        _ request: JoinRequest, as participant: Participant, freshReplica: ReplicaID,
        at moment: Moment
    ) -> JoinOutcome {
        guard members.count < Limits.membersPerRoomMax else {
            return .refused(
                WireError(
                    .limit, "the room is full", allowed: "\(Limits.membersPerRoomMax) members"))
        }
        let attached: JoinResult.Replica?
        do {
            attached = try attach(request, participant, freshReplica, now: moment.elapsed)
        } catch {
            return .refused(error)
        }
        let number = nextMember
        nextMember += 1
        let member = RoomMember(
            participant: participant, number: number, wantsStamps: request.wantsStamps,
            isListed: members.values.count(where: \.isListed) < Limits.presenceMembersMax,
            replica: attached?.id, sentNumber: committed.number)
        members[number] = member
        if let id = attached?.id { replicas[id]?.member = number }
        audience = nil
        emptySince = nil
        presence.joined.insert(number)
        leaderMayHaveCome(participant.user)
        return .joined(
            number, result(for: member, replica: attached, cursor: request.cursor))
    }

    package mutating func leave(_ number: MemberNumber, now: Duration) {
        guard let member = members.removeValue(forKey: number) else { return }
        if let id = member.replica, replicas[id]?.member == number {
            replicas[id]?.letGo()
            forgetUnused(id)
        }
        audience = nil
        if presence.joined.remove(number) == nil, member.isListed { presence.left.append(number) }
        presence.touching[number] = nil
        presence.renamed.remove(number)
        presence.isCountStale = true
        if members.isEmpty { emptySince = now }
        leaderMayHaveLeft(member.participant.user, now: now)
    }

    /// Sends everybody away: the room will be read again from disk, or is gone.
    package mutating func end(code: ErrorName, reason: String, now: Duration) {
        for number in members.keys.sorted() {
            expel(number, code: code.rawValue, reason: reason)
            leave(number, now: now)
        }
    }

    /// Who may be here, and in which role, has changed: who has another role than before is sent
    /// out, to come again if there is one. `Protocol/rooms.md#when-access-changes`.
    ///
    /// - Parameter role: of a user, or a guest, from now on; nil for who may not be here.
    package mutating func changeAccess(now: Duration, _ role: (Identifier?) -> Role?) {
        let changed = members.values
            .map { ($0.number, $0.participant.role, role($0.participant.user)) }
            .filter { $0.1 != $0.2 }
            .sorted { $0.0 < $1.0 }
        if changed.isEmpty { return }
        // What is on disk is told before they go: it is theirs to know.
        broadcast(now: now)
        for (number, _, new) in changed {
            if let new {
                expel(
                    number, code: ErrorName.access.rawValue,
                    reason: "the role here is \(new.rawValue) now")
            } else {
                expel(number, code: ErrorName.notFound.rawValue, reason: "no such pattern")
            }
            leave(number, now: now)
        }
    }

    /// A client's hash differed: what it gets is the whole document.
    package mutating func heal(_ number: MemberNumber) -> JoinResult? {
        guard let member = members[number] else { return nil }
        members[number]?.sentNumber = committed.number
        var replica: JoinResult.Replica?
        if let id = member.replica { replica = replicaResult(id, renumber: false) }
        return result(for: member, replica: replica, cursor: nil)
    }

    // MARK: - Replicas

    private mutating func attach(
        _ request: JoinRequest, _ participant: Participant, _ fresh: ReplicaID, now: Duration
    ) throws(WireError) -> JoinResult.Replica? {
        guard participant.role.mayEdit, let user = participant.user else { return nil }
        // A cursor above the head is of a history that was rewound.
        let epochChanged =
            request.cursor.map { $0.epoch != epoch || $0.number > committed.number } ?? false
        guard let wanted = request.replica, wanted != Self.callReplica(of: user, in: id),
            let known = replicas[wanted]
        else {
            // Unknown: none of its edits was ever accepted, so the client may number them anew.
            return try issued(fresh, to: user, renumber: request.replica != nil, now: now)
        }
        guard known.user == user else {
            throw WireError(
                .foreignReplica, "this replica belongs to another user", path: "/replica",
                allowed: "a replica of this user and room, or none")
        }
        if epochChanged { return try issued(fresh, to: user, renumber: true, now: now) }
        if let holder = known.member {
            expel(holder, code: "fenced", reason: "the replica was taken up by another socket")
            // Its holder goes, the replica stays, even when it has not edited yet.
            replicas[wanted]?.member = nil
            leave(holder, now: now)
        }
        replicas[wanted]?.letGo()
        confirm(wanted, through: request.confirmed)
        return replicaResult(wanted, renumber: false)
    }

    private mutating func issued(
        _ fresh: ReplicaID, to user: Identifier, renumber: Bool, now: Duration
    ) throws(WireError) -> JoinResult.Replica {
        try issue(fresh, to: user, now: now)
        return replicaResult(fresh, renumber: renumber)
    }

    mutating func issue(
        _ fresh: ReplicaID, to user: Identifier, now: Duration
    ) throws(WireError) {
        guard replicas.count < Limits.replicasPerRoomMax, replicas[fresh] == nil else {
            throw WireError(
                .limit, "too many writers have been in this room",
                allowed: "\(Limits.replicasPerRoomMax) replicas")
        }
        replicas[fresh] = RoomReplica(
            user: user, lastSeq: 0, lastStamp: .zero, settledSeq: 0, settledStamp: .zero,
            tokens: Self.editTokens(burst: Limits.editsPerSecondMax, now: now))
    }

    private mutating func replicaResult(
        _ id: ReplicaID, renumber: Bool
    ) -> JoinResult.Replica {
        let replica = replicas[id]
        let through = replica?.settledSeq ?? 0
        replicas[id]?.verdictsTold = through
        return JoinResult.Replica(
            id: id, through: through, refused: replica?.verdicts(after: 0) ?? [],
            renumber: renumber)
    }

    /// An id without edits leaves nothing to remember.
    mutating func forgetUnused(_ id: ReplicaID) {
        if let replica = replicas[id], replica.member == nil, replica.lastSeq == 0 {
            replicas[id] = nil
        }
    }

    private mutating func expel(_ number: MemberNumber, code: String, reason: String) {
        let data: JSON = ["code": .string(code), "reason": .string(reason)]
        send(event(.left, data: data), to: number)
        effects.append(.remove(number))
    }

    // MARK: - The answer

    private mutating func result(
        for member: RoomMember, replica: JoinResult.Replica?, cursor: Cursor?
    ) -> JoinResult {
        let shown = currentView()
        let content: JoinResult.Content
        if let cursor, cursor.epoch == epoch, cursor.number <= committed.number {
            content = .patch(
                committed.patch(since: cursor.number, catalogue: catalogue) ?? .object([:]),
                from: cursor.number)
        } else {
            content = .document(shown.view)
        }
        return JoinResult(
            room: id, epoch: epoch, number: committed.number, role: member.participant.role,
            content: content, replica: replica, member: member.number, members: listedMembers,
            count: members.count, hash: shown.hash,
            state: member.wantsStamps ? .some(committed.json) : .none,
            playing: transport.isEmpty ? nil : playing)
    }

    /// Made once for all who join at one number.
    private mutating func currentView() -> ShownDocument {
        if let shown, shown.number == committed.number { return shown }
        let view = committed.view(catalogue: catalogue)
        let fresh = ShownDocument(
            number: committed.number, view: view,
            hash: StateHash.text(ofCanonical: view.canonical()))
        shown = fresh
        return fresh
    }

    var listedMembers: [Member] {
        members.values.filter(\.isListed).sorted { $0.number < $1.number }.map(\.wire)
    }
}
