import CRDT
package import Model
package import Wire

/// What the room plays, and who leads: in memory, the latest counts. `Protocol/playing.md`.
struct RoomTransport {
    struct Lead {
        let user: Identifier
        let name: String
        var locks: Set<RoomPlaying.Lock>
        /// Since when nobody of this user has been here.
        var awaySince: Duration?
    }

    var beat = Beat()
    var solo: [InstrumentID] = []
    var lead: Lead?
    /// The members have not been told.
    var isStale = false

    var isEmpty: Bool { beat.segments.isEmpty && solo.isEmpty && lead == nil }

    func locks(_ lock: RoomPlaying.Lock, for user: Identifier?) -> Bool {
        guard let lead, lead.locks.contains(lock) else { return false }
        return lead.user != user
    }
}

extension Room {
    /// Starts, stops, or lets some instruments be heard alone.
    ///
    /// - Returns: how it stands then.
    package mutating func transport(
        _ request: TransportRequest, by number: MemberNumber, at moment: Moment
    ) throws(WireError) -> JSON {
        guard let participant = members[number]?.participant else { throw .notJoined }
        let isLeader = participant.user != nil && transport.lead?.user == participant.user
        guard participant.role.mayEdit || isLeader else {
            throw WireError(
                .forbidden, "a \(participant.role.rawValue) may not start or stop",
                allowed: "owner, editor, who leads")
        }
        guard request.isPlaying != nil || request.solo != nil else {
            throw WireError(.empty, "nothing to change", path: "", allowed: "playing, solo")
        }
        if request.isPlaying != nil { try checkLock(.start, participant.user, "/playing") }
        if request.solo != nil { try checkLock(.solo, participant.user, "/solo") }
        switch request.isPlaying {
        case true?: transport.beat.start(tempo, nowMs: moment.wallClockMs)
        case false?: transport.beat.stop(soon: request.isSoon, nowMs: moment.wallClockMs)
        case nil: break
        }
        if let solo = request.solo { transport.solo = solo }
        tellPlaying(now: moment.elapsed)
        return playing.json
    }

    /// Takes the lead, gives it, ends it, or locks what it may lock.
    package mutating func lead(
        _ request: LeadRequest, by number: MemberNumber, at moment: Moment
    ) throws(WireError) -> JSON {
        guard let participant = members[number]?.participant else { throw .notJoined }
        let isLeader = participant.user != nil && transport.lead?.user == participant.user
        guard participant.role == .owner || isLeader && request.member == nil else {
            throw WireError(
                .forbidden, "only the owner gives the lead", allowed: "owner, who leads")
        }
        if request.isEnd {
            transport.lead = nil
        } else if isLeader, request.member == nil {
            if let locks = request.locks { transport.lead?.locks = locks }
        } else {
            guard let named = members[request.member ?? number]?.participant,
                let user = named.user
            else {
                throw WireError(
                    .notFound, "no such member who is signed in", path: "/member",
                    allowed: "a member's number")
            }
            transport.lead = RoomTransport.Lead(
                user: user, name: named.name, locks: request.locks ?? [])
        }
        tellPlaying(now: moment.elapsed)
        return playing.json
    }

    /// How it stands, as members are told.
    package var playing: RoomPlaying {
        RoomPlaying(
            beat: transport.beat, solo: transport.solo,
            lead: transport.lead.map { lead in
                RoomPlaying.Lead(
                    member: members.values.filter { $0.participant.user == lead.user }
                        .map(\.number).min(),
                    name: lead.name, locks: lead.locks)
            })
    }

    // MARK: - What the document does to it

    /// After a commit.
    mutating func followTempo(at moment: Moment) {
        guard !transport.beat.segments.isEmpty else { return }
        let before = transport.beat
        transport.beat.follow(tempo, nowMs: moment.wallClockMs)
        if transport.beat != before { transport.isStale = true }
    }

    private var tempo: Beat.Tempo {
        let shown = Normalised(committed, catalogue: catalogue)
        return Beat.Tempo(flavor: shown.flavor) { shown.integer("bpm", of: $0) }
    }

    /// What only the leader may change in the document.
    func checkTempoLock(_ edit: Edit, by user: Identifier) throws(WireError) {
        guard transport.locks(.tempo, for: user) else { return }
        for assignment in edit.sets {
            switch assignment.path {
            case .machine(_, name: "bpm"), .pattern(name: "flavor"):
                try checkLock(.tempo, user, assignment.path.description)
            default: break
            }
        }
    }

    private func checkLock(
        _ lock: RoomPlaying.Lock, _ user: Identifier?, _ path: String
    ) throws(WireError) {
        guard transport.locks(lock, for: user) else { return }
        throw WireError(
            .locked, "who leads has locked this", path: path, allowed: transport.lead?.name)
    }

    // MARK: - Who leads comes and goes

    mutating func leaderMayHaveCome(_ user: Identifier?) {
        guard let user, transport.lead?.user == user else { return }
        transport.lead?.awaySince = nil
        // Who joins is told by the answer, and must not hear anything before it.
        transport.isStale = true
        isBroadcastWanted = true
    }

    mutating func leaderMayHaveLeft(_ user: Identifier?, now: Duration) {
        guard let user, transport.lead?.user == user else { return }
        if !members.values.contains(where: { $0.participant.user == user }) {
            transport.lead?.awaySince = now
        }
        tellPlaying(now: now)
    }

    var leadDeadline: Duration? {
        transport.lead?.awaySince.map { $0 + .seconds(Limits.leadGraceSeconds) }
    }

    mutating func endLead(now: Duration) {
        transport.lead = nil
        tellPlaying(now: now)
    }

    // MARK: - Telling

    private mutating func tellPlaying(now: Duration) {
        transport.isStale = true
        requestBroadcast(now: now)
    }

    mutating func broadcastPlaying() {
        guard transport.isStale else { return }
        transport.isStale = false
        let audience = currentAudience.all
        guard !audience.isEmpty else { return }
        effects.append(
            .broadcast(
                event(.playing, data: playing.json).bytes, to: audience, isDroppable: true))
    }
}
