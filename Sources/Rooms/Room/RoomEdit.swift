import CRDT
package import Model
package import Wire

/// Judging edits. `Protocol/rooms.md#edits`.
extension Room {
    package enum EditOutcome: Hashable, Sendable {
        /// Judged. Its author hears of it when it is on disk.
        case gathered
        /// Sent before, and on disk: the answer for its response.
        case settled(Verdict?)
        /// Not taken, for a passing reason; it consumed nothing.
        case retry(WireError)
        /// Not an edit of this member at all; it consumed nothing.
        case refused(WireError)
    }

    /// - Parameter call: the request to respond to after the commit, when there is one.
    package mutating func edit(
        _ request: EditRequest, from number: MemberNumber, call: CallNumber?, at moment: Moment
    ) -> EditOutcome {
        guard let member = members[number] else {
            return .refused(WireError.notJoined)
        }
        guard member.participant.role.mayEdit else {
            return .refused(Self.mayNotEdit(member.participant.role))
        }
        guard member.replica == request.replica, let replica = replicas[request.replica] else {
            return .refused(
                WireError(
                    .foreignReplica, "this socket does not hold that replica", path: "/replica",
                    allowed: member.replica?.text))
        }
        if request.seq <= replica.lastSeq {
            return repeated(request, call: call, now: moment.elapsed)
        }
        if let error = passingRefusal(of: request, replica, now: moment.elapsed) {
            return retryLater(request, error, isNotification: call == nil, now: moment.elapsed)
        }
        replicas[request.replica]?.retry = nil
        replicas[request.replica]?.toldRetryFrom = nil
        let seen = seen(by: member, request)
        let gatheredEdit: GatheredEdit
        let dot = Dot(replica: request.replica, seq: request.seq)
        let answer = call.map { [$0] } ?? []
        do {
            gatheredEdit = try accept(request, dot, seen, replica, answer, at: moment)
        } catch {
            replicas[request.replica]?.unsettledVerdicts += 1
            gatheredEdit = GatheredEdit(
                dot: dot, judgement: .refused(Verdict(seq: request.seq, error: error)),
                calls: answer)
        }
        replicas[request.replica]?.lastSeq = request.seq
        gatheredBytes += gatheredEdit.byteCount
        gathered.append(gatheredEdit)
        return .gathered
    }

    static func mayNotEdit(_ role: Role) -> WireError {
        WireError(.forbidden, "a \(role.rawValue) may not edit", allowed: "owner, editor")
    }

    /// Verdicts up to `through` were taken note of and need not be repeated.
    package mutating func confirm(_ number: MemberNumber, through: Int64) {
        guard let replica = members[number]?.replica else { return }
        confirm(replica, through: through)
    }

    mutating func confirm(_ id: ReplicaID, through claimed: Int64) {
        guard let replica = replicas[id] else { return }
        let verdicts = replica.verdicts
        // Nobody can have taken note of a verdict that was not given.
        let through = min(claimed, replica.settledSeq)
        guard verdicts.keys.contains(where: { $0 <= through }) else { return }
        replicas[id]?.verdicts = verdicts.filter { $0.key > through }
        confirmations[id] = through
    }

    // MARK: - Judging

    mutating func accept(
        _ request: EditRequest, _ dot: Dot, _ seen: Seen, _ replica: RoomReplica,
        _ calls: [CallNumber], pathsMax: Int = Limits.pathsPerEditMax, at moment: Moment
    ) throws(WireError) -> GatheredEdit {
        if request.isVoid { throw WireError(.voided, "taken back by its author") }
        let edit = try withStandingValue { () throws(WireError) in
            try EditReader(catalogue: catalogue, pathsMax: pathsMax).read(request)
        }
        if request.isOwn, let path = speculative.foreignPath(in: edit, for: dot.replica) {
            throw WireError(
                .superseded, "somebody else has written this since", path: path,
                allowed: "what this replica wrote last")
        }
        if let path = speculative.absentInstrument(for: edit, seen: seen) {
            throw WireError(
                .absent, "the instrument is not in the machine", path: path.description,
                allowed: "add it first")
        }
        try checkTempoLock(edit, by: replica.user)
        try checkUnknownFields(edit)
        let stamp = speculative.stamp(
            for: edit, seen: seen, claimedMs: request.claimedMs,
            wallClockMs: moment.wallClockMs, last: replica.lastStamp)
        let number = speculative.number + 1
        let delta = speculative.delta(
            for: edit, dot: dot, stamp: stamp, number: number, seen: seen)
        speculative.append(delta)
        replicas[dot.replica]?.lastStamp = stamp
        var record: [UInt8] = []
        LogRecord(number: number, dot: dot, stamp: stamp, seenThrough: seen.through, edit: edit)
            .write(to: &record)
        return GatheredEdit(
            dot: dot, judgement: .accepted(delta: delta, stamp: stamp, record: record),
            calls: calls)
    }

    /// Adds to a refusal what the field shows now.
    private func withStandingValue(
        _ read: () throws(WireError) -> Edit
    ) throws(WireError) -> Edit {
        do {
            return try read()
        } catch {
            guard let pointer = error.path,
                case .field(let path)? = try? DocumentPath(pointer: pointer)
            else { throw error }
            var error = error
            let standing = Normalised(speculative, catalogue: catalogue).value(at: path)
            error.value = standing?.json.cut(to: Limits.standingValueCharactersMax)
            throw error
        }
    }

    private func checkUnknownFields(_ edit: Edit) throws(WireError) {
        let added = edit.sets.filter {
            speculative.fields[$0.path] == nil
                && FieldRule.rule(for: $0.path, catalogue: catalogue) == .unknown
        }
        guard let first = added.first else { return }
        let count = speculative.unknownFieldCount(catalogue: catalogue) + added.count
        guard count <= Limits.unknownFieldsMax else {
            throw WireError(
                .limit, "the document would have \(count) fields that this version does not know",
                path: first.path.description, allowed: "\(Limits.unknownFieldsMax)")
        }
    }

    private func seen(by member: RoomMember, _ request: EditRequest) -> Seen {
        Seen(
            replica: request.replica,
            through: min(request.base?.number ?? 0, numberSent(to: member)))
    }

    // MARK: - Not taken

    private mutating func repeated(
        _ request: EditRequest, call: CallNumber?, now: Duration
    ) -> EditOutcome {
        let id = request.replica
        guard let replica = replicas[id], request.seq <= replica.settledSeq else {
            let dot = Dot(replica: id, seq: request.seq)
            if let call, let index = gathered.firstIndex(where: { $0.dot == dot }) {
                guard gathered[index].calls.count < Limits.callsPerEditMax else {
                    return .refused(
                        WireError(
                            .limit, "this edit is being waited for already", path: "/seq",
                            allowed: "\(Limits.callsPerEditMax) calls"))
                }
                gathered[index].calls.append(call)
            }
            return .gathered
        }
        // The same answer again: a verdict of this edit, or of a later one, may have been lost.
        replicas[id]?.verdictsTold = min(replica.verdictsTold, request.seq - 1)
        owe(id)
        requestBroadcast(now: now)
        return .settled(replica.verdicts[request.seq])
    }

    mutating func passingRefusal(
        of request: EditRequest, _ replica: RoomReplica, now: Duration
    ) -> WireError? {
        let next = replica.lastSeq + 1
        if request.seq > next {
            return WireError(
                .gap, "seq \(request.seq) came before \(next)", path: "/seq",
                allowed: "\(next)", value: .integer(request.seq))
        }
        if let base = request.base, base.epoch != epoch || base.number > committed.number {
            return WireError(
                .epoch, "the base is not in this history", path: "/base",
                allowed: "epoch \(epoch), number up to \(committed.number)")
        }
        if isReadOnly {
            return .readOnly
        }
        if let waitMs = replicas[request.replica]?.tokens.take(now: now) {
            return WireError(
                .rate, "more than \(Limits.editsPerSecondMax) edits per second",
                allowed: "\(Limits.editsPerSecondMax) per second, \(Limits.editsBurstMax) at once",
                retryAfterMs: waitMs)
        }
        if gathered.count >= Limits.gatheredEditsMax || gatheredBytes >= Limits.gatheredBytesMax {
            return WireError(
                .overloaded, "edits come faster than the disk takes them",
                retryAfterMs: Int64(Limits.readOnlyRetryMs))
        }
        if replica.verdicts.count + replica.unsettledVerdicts >= Limits.verdictsPerReplicaMax {
            return WireError(
                .unconfirmed, "too many refusals wait for confirmation",
                allowed: "\(Limits.verdictsPerReplicaMax) verdicts",
                retryAfterMs: Int64(Limits.readOnlyRetryMs))
        }
        return nil
    }

    /// Told once: all that was in flight behind it is covered by the same word.
    private mutating func retryLater(
        _ request: EditRequest, _ error: WireError, isNotification: Bool, now: Duration
    ) -> EditOutcome {
        guard isNotification, let replica = replicas[request.replica] else { return .retry(error) }
        let from = replica.lastSeq + 1
        if replica.toldRetryFrom != from || request.seq == from {
            replicas[request.replica]?.toldRetryFrom = from
            replicas[request.replica]?.retry = Settlement.Retry(
                from: from, code: error.name, retryAfterMs: error.retryAfterMs ?? 0)
            owe(request.replica)
            requestBroadcast(now: now)
        }
        return .retry(error)
    }
}

extension JSON {
    /// A verdict is kept and sent again: a long text in it is cut, and says so.
    fileprivate func cut(to charactersMax: Int) -> JSON {
        guard case .string(let text) = self, text.unicodeScalars.count > charactersMax else {
            return self
        }
        return .string(String(text.unicodeScalars.prefix(charactersMax)) + "…")
    }
}
