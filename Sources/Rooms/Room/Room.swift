package import CRDT
package import Model
import Wire

/// A live pattern: decides, and performs nothing. `Protocol/rooms.md`.
///
/// Not Sendable by use: it belongs to its home shard. The verbs are in the files beside this one;
/// each leaves what is to be done in `takeEffects()`, and when to be called again in
/// `nextDeadline`.
package struct Room {
    package let id: Identifier
    package let epoch: Int64
    let catalogue: Catalogue

    /// What is on disk. All that members are told comes from here.
    package internal(set) var committed: Document
    /// `committed` and all that was accepted since; new edits are judged against it.
    var speculative: Document

    var replicas: [ReplicaID: RoomReplica] = [:]
    var members: [MemberNumber: RoomMember] = [:]
    package internal(set) var nextMember: MemberNumber

    // Journal
    var gathered: [GatheredEdit] = []
    var gatheredBytes = 0
    /// The first so many of `gathered` are with the journal.
    var inFlight: Int?
    var commitBeganAt: Duration?
    var confirmations: [ReplicaID: Int64] = [:]
    var confirmationsInFlight: [ReplicaID: Int64] = [:]
    var rowNumber: Int64
    var rowInFlight: Int64?
    /// Since when the pattern's row has not shown everything.
    var rowStaleSince: Duration?
    var snapshotNumber: Int64
    var snapshotInFlight: Int64?
    /// Set while the disk does not take writes.
    package internal(set) var isReadOnly = false

    var history: HistoryBook

    // Broadcast
    /// Every member that is not behind has been sent everything up to here.
    var broadcastNumber: Int64
    /// What was committed after `broadcastNumber`.
    var unsent = Document()
    var broadcastAt: Duration?
    var isBroadcastWanted = false
    var hashedAt: Duration?
    var audience: Audience?
    /// Who is owed a settlement, in the order of owing.
    var owed: [ReplicaID] = []
    var effects: [RoomEffect] = []
    var shown: ShownDocument?

    /// What it plays, and who leads.
    var transport = RoomTransport()

    // Presence
    var presence = PresenceChanges()
    var presenceAt: Duration?
    var emptySince: Duration?

    /// The same document for all who join at one number.
    struct ShownDocument {
        let number: Int64
        let view: JSON
        let hash: String
    }

    package init(
        history: RoomHistory, catalogue: Catalogue, now: Duration, firstMember: MemberNumber = 1
    ) throws(RoomHistory.Unreadable) {
        id = history.room
        epoch = history.epoch
        nextMember = firstMember
        self.catalogue = catalogue
        let start = try history.start(catalogue: catalogue)
        committed = try history.replay(over: start, catalogue: catalogue)
        speculative = committed
        broadcastNumber = committed.number
        rowNumber = history.rowNumber
        rowStaleSince = rowNumber < committed.number ? now : nil
        snapshotNumber = start.number
        self.history = HistoryBook(committed, listedThrough: history.listedThrough)
        emptySince = now
        for replica in history.replicas {
            replicas[replica.id] = RoomReplica(
                user: replica.user, lastSeq: replica.lastSeq, lastStamp: replica.lastStamp,
                settledSeq: replica.lastSeq, settledStamp: replica.lastStamp,
                tokens: Self.editTokens(now: now))
        }
        for (replica, verdict) in history.verdicts {
            replicas[replica]?.verdicts[verdict.seq] = verdict
        }
    }

    /// A new replica begins with one second's worth: a burst is for who was here before.
    static func editTokens(
        burst: Int = Limits.editsBurstMax, now: Duration
    ) -> TokenBucket {
        TokenBucket(
            perSecond: Limits.editsPerSecondMax, burst: Limits.editsBurstMax, initially: burst,
            now: now)
    }

    /// What is to be done since the last call.
    package mutating func takeEffects() -> [RoomEffect] {
        defer { effects.removeAll(keepingCapacity: true) }
        return effects
    }

    package var hasEffects: Bool { !effects.isEmpty }

    package var memberCount: Int { members.count }

    /// When `wake` should be called, at the latest.
    package var nextDeadline: Duration? {
        // What is not clean yet cannot leave; the end of a commit looks again.
        var earliest: Duration?
        for case .some(let deadline) in [
            broadcastDeadline, presenceDeadline, commitDeadline, rowDeadline,
            leadDeadline, historyDeadline, isClean ? idleDeadline : nil,
        ] where deadline < earliest ?? deadline + .nanoseconds(1) {
            earliest = deadline
        }
        return earliest
    }

    /// Does what is due by now.
    package mutating func wake(at moment: Moment) {
        if let deadline = broadcastDeadline, deadline <= moment.elapsed {
            broadcast(now: moment.elapsed)
        }
        if let deadline = presenceDeadline, deadline <= moment.elapsed {
            broadcastPresence(now: moment.elapsed)
        }
        if let deadline = leadDeadline, deadline <= moment.elapsed {
            endLead(now: moment.elapsed)
        }
    }

    /// Nobody has been here for `roomIdleSeconds`, and everything is on disk.
    package func isIdle(now: Duration) -> Bool {
        guard let deadline = idleDeadline else { return false }
        return deadline <= now && isClean
    }

    /// Nothing waits to be written.
    package var isClean: Bool {
        gathered.isEmpty && inFlight == nil && confirmations.isEmpty
            && rowNumber == committed.number && history.isEmpty
    }

    private var idleDeadline: Duration? {
        emptySince.map { $0 + .seconds(Limits.roomIdleSeconds) }
    }

    mutating func send(_ event: Event, to member: MemberNumber) {
        effects.append(.send(event.bytes, to: member))
    }

    func event(_ kind: Event.Kind, span: Event.Span? = nil, data: JSON) -> Event {
        Event(stream: .room(id), kind: kind, span: span, data: data)
    }
}
