import CRDT
package import Model
import Wire

/// Telling the members what was committed. `Protocol/rooms.md#deltas`.
extension Room {
    /// Who gets the common bytes: everybody who is not behind.
    struct Audience {
        var thin: [MemberNumber] = []
        var full: [MemberNumber] = []
        var all: [MemberNumber] { thin + full }
    }

    /// The first delta after a quiet spell leaves at once, later ones are paced: a slider dragged
    /// by fifty hands is some tens of frames per second, not fifteen hundred.
    mutating func requestBroadcast(now: Duration) {
        if let earliest = broadcastAt.map({ $0 + pace }), earliest > now {
            isBroadcastWanted = true
        } else {
            broadcast(now: now)
        }
    }

    var broadcastDeadline: Duration? {
        isBroadcastWanted ? (broadcastAt ?? .zero) + pace : nil
    }

    /// Grows with the room, because the cost of a broadcast does. `Protocol/limits.md#pacing`.
    var pace: Duration {
        .milliseconds(
            Limits.broadcastPaceMs + members.count / Limits.broadcastPaceMembersPerMs)
    }

    mutating func broadcast(now: Duration) {
        isBroadcastWanted = false
        broadcastAt = now
        if committed.number > broadcastNumber { broadcastDelta(now: now) }
        broadcastPlaying()
        let waiting = owed
        owed.removeAll(keepingCapacity: true)
        for id in waiting { settle(id) }
    }

    /// The author hears of it after the next delta.
    mutating func owe(_ id: ReplicaID) {
        guard replicas[id]?.owesSettlement == false else { return }
        replicas[id]?.owesSettlement = true
        owed.append(id)
    }

    /// All that this member was sent has numbers up to this one.
    func numberSent(to member: RoomMember) -> Int64 {
        member.behindSince ?? max(member.sentNumber, broadcastNumber)
    }

    /// Says what is still unsaid, without regard to the pace: the server stops.
    package mutating func finish(at moment: Moment) {
        broadcast(now: moment.elapsed)
    }

    /// The member's socket is backed up: it gets nothing until it has drained, then one joined
    /// delta. The number up to which it was sent everything is remembered.
    package mutating func fallBehind(_ number: MemberNumber) {
        guard let member = members[number], member.behindSince == nil else { return }
        let sent = numberSent(to: member)
        members[number]?.behindSince = sent
        audience = nil
    }

    /// The member's socket has drained.
    package mutating func catchUp(_ number: MemberNumber) {
        guard let member = members[number], let since = member.behindSince else { return }
        members[number]?.behindSince = nil
        members[number]?.sentNumber = committed.number
        audience = nil
        // Also what is committed and waits for its turn: a settlement below may speak of it.
        if committed.number > since {
            let patch = committed.patch(since: since, catalogue: catalogue) ?? .object([:])
            let data = deltaData(patch, state: member.wantsStamps ? committed : nil)
            send(
                event(.delta, span: span(from: since, through: committed.number), data: data),
                to: number)
        }
        if let id = member.replica { settle(id) }
        send(event(.presence, data: wholePresence.json), to: number)
        if !transport.isEmpty { send(event(.playing, data: playing.json), to: number) }
    }

    private mutating func broadcastDelta(now: Duration) {
        let audience = currentAudience
        let patch =
            committed.patch(since: broadcastNumber, touching: unsent, catalogue: catalogue)
            ?? .object([:])
        let span = span(from: broadcastNumber, through: committed.number)
        let hash = dueHash(now: now)
        if !audience.thin.isEmpty {
            let data = deltaData(patch, hash: hash)
            effects.append(
                .broadcast(
                    event(.delta, span: span, data: data).bytes, to: audience.thin,
                    isDroppable: false))
        }
        if !audience.full.isEmpty {
            let data = deltaData(patch, hash: hash, state: unsent)
            effects.append(
                .broadcast(
                    event(.delta, span: span, data: data).bytes, to: audience.full,
                    isDroppable: false))
        }
        broadcastNumber = committed.number
        unsent = Document()
    }

    private func deltaData(_ patch: JSON, hash: String? = nil, state: Document? = nil) -> JSON {
        var object: JSON.Object = ["patch": patch]
        if let hash { object["hash"] = .string(hash) }
        if let state { object["state"] = state.json }
        return .object(object)
    }

    private func span(from: Int64, through: Int64) -> Event.Span {
        Event.Span(epoch: epoch, from: from, through: through)
    }

    /// A settlement never precedes the delta that contains what it settles.
    private mutating func settle(_ id: ReplicaID) {
        guard let replica = replicas[id], replica.owesSettlement else { return }
        guard let number = replica.member, members[number]?.behindSince == nil else {
            // Told when its author catches up; one who joins is told by the answer.
            return
        }
        replicas[id]?.owesSettlement = false
        replicas[id]?.retry = nil
        replicas[id]?.verdictsTold = replica.settledSeq
        let settlement = Settlement(
            replica: id, through: replica.settledSeq,
            refused: replica.verdicts(after: replica.verdictsTold), retry: replica.retry)
        send(event(.settled, data: settlement.json), to: number)
    }

    /// Now and then, so that a client that went astray finds out. `Protocol/rooms.md#healing`.
    private mutating func dueHash(now: Duration) -> String? {
        if let last = hashedAt, last + .seconds(Limits.hashIntervalSeconds) > now { return nil }
        hashedAt = now
        return committed.stateHash(catalogue: catalogue)
    }

    var currentAudience: Audience {
        mutating get {
            if let audience { return audience }
            var fresh = Audience()
            for (number, member) in members where member.behindSince == nil {
                if member.wantsStamps {
                    fresh.full.append(number)
                } else {
                    fresh.thin.append(number)
                }
            }
            fresh.thin.sort()
            fresh.full.sort()
            audience = fresh
            return fresh
        }
    }
}
