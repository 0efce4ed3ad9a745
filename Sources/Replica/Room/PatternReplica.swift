import CRDT
package import Model
package import Wire

/// A client's side of one room: what the server confirmed, and one's own pending edits over it.
/// `Protocol/rooms.md`. Pure: messages and time in, requests and changes out.
package struct PatternReplica: Sendable {
    /// Sent and unsettled at one time; what is made beyond it waits and is merged.
    package static let inFlightEditsMax = 128
    /// Made and unsettled; what is made beyond it is refused, so that memory is bounded.
    package static let pendingEditsMax = 10_000

    package enum Change: Hashable, Sendable {
        /// Everything may differ from before.
        case joined
        /// Somebody's edits, one's own included, were confirmed: an RFC 7396 patch.
        case delta(JSON)
        case members
        /// What the room plays, or who leads.
        case playing
        /// On disk, for good.
        case settled(EditTicket)
        /// Dropped: the server will never take it.
        case refused(EditTicket, WireError)
        /// Undoing left this place out: somebody else wrote it since.
        case skipped(EditTicket, path: String)
        case left(code: String, reason: String)
    }

    package let room: Identifier
    package private(set) var confirmed: JSON = .object([:])
    package private(set) var cursor: Cursor?
    package private(set) var role: Role?
    package private(set) var replica: ReplicaID?
    package private(set) var members: [Int64: Member] = [:]
    package private(set) var memberCount = 0
    package private(set) var member: Int64?
    package private(set) var playing = RoomPlaying()
    /// Verdicts up to this `seq` were taken note of.
    package private(set) var settledThrough: Int64 = 0
    /// Deltas that were applied.
    package private(set) var deltaCount = 0
    /// Set when the state differs from the server's, or something is missing: join again, with or
    /// without the cursor.
    package private(set) var needsJoin = false
    /// The server repeats verdicts until it is told that they were taken note of.
    package private(set) var owesConfirmation = false
    package private(set) var mismatch: (number: Int64, state: [UInt8])?

    private(set) var pending: [PendingEdit] = []
    var undoStack = UndoStack()
    /// `shown`, until something comes from the server.
    private var shownNow: JSON?
    private var nextSeq: Int64 = 1
    private var nextTicket: EditTicket = 1
    private var isJoined = false
    /// Asked, and not answered.
    private var isJoining = false
    private var sendAt: Duration = .zero
    var changes: [Change] = []

    package init(room: Identifier) {
        self.room = room
    }

    package var pendingCount: Int { pending.count }

    package var isLive: Bool { isJoined }

    /// When `takeRequests` has something again, if it is waiting.
    package var nextDeadline: Duration? {
        isJoined && !isJoining && replica != nil && pending.contains { !$0.isSent }
            && unsettledSentCount < Self.inFlightEditsMax ? sendAt : nil
    }

    package mutating func takeChanges() -> [Change] {
        defer { changes.removeAll(keepingCapacity: true) }
        return changes
    }

    /// The confirmed document with one's pending edits laid over it.
    package var shown: JSON {
        if let shownNow { return shownNow }
        var document = confirmed
        for edit in pending { Overlay.apply(edit.content, to: &document) }
        return document
    }

    // MARK: - Making edits

    /// Nil when too many edits wait for the server.
    ///
    /// - Parameters:
    ///   - claimedMs: server time now, estimated. It is sent only if the edit turns out to be late.
    ///   - now: for what belongs to one movement of a hand.
    package mutating func edit(
        _ content: EditContent, claimedMs: Int64?, now: Duration = .zero
    ) -> EditTicket? {
        guard pending.count < Self.pendingEditsMax else { return nil }
        let ticket = makeTicket()
        if let refusal = localRefusal(of: content) {
            changes.append(.refused(ticket, refusal))
            return ticket
        }
        let edit = PendingEdit(
            tickets: [ticket], content: content, base: cursor, claimedMs: claimedMs,
            isLate: !isJoined)
        let before = shown
        append(edit)
        undoStack.made(content, ticket, before: before, after: shown, now: now)
        return ticket
    }

    mutating func makeTicket() -> EditTicket {
        defer { nextTicket += 1 }
        return nextTicket
    }

    mutating func append(_ edit: PendingEdit) {
        var document = shown
        Overlay.apply(edit.content, to: &document)
        shownNow = document
        if let last = pending.indices.last, pending[last].absorb(edit) { return }
        pending.append(edit)
    }

    /// Why an edit is not even kept: it would wait for ever.
    private func localRefusal(of content: EditContent) -> WireError? {
        if isJoined, replica == nil {
            let role = role?.rawValue ?? "guest"
            return WireError(
                .forbidden, "a \(role) may not edit this pattern", allowed: "owner, editor")
        }
        let byteCount = content.byteCount
        guard byteCount > EditContent.bytesMax else { return nil }
        return WireError(
            .tooLarge, "an edit of \(byteCount) bytes", allowed: "\(EditContent.bytesMax) bytes")
    }

    /// What is to be sent now; numbers what had no dot yet.
    package mutating func takeRequests(now: Duration) -> [EditRequest] {
        guard isJoined, !isJoining, let replica, now >= sendAt else { return [] }
        var requests: [EditRequest] = []
        var room = Self.inFlightEditsMax - unsettledSentCount
        for index in pending.indices where !pending[index].isSent && room > 0 {
            if pending[index].seq == nil {
                pending[index].seq = nextSeq
                nextSeq += 1
            }
            pending[index].isSent = true
            room -= 1
            let edit = pending[index]
            requests.append(
                EditRequest(
                    room: self.room, replica: replica, seq: edit.seq ?? 0, base: edit.base,
                    claimedMs: edit.isLate ? edit.claimedMs : nil, set: edit.content.set,
                    add: edit.content.add,
                    remove: edit.content.remove, isOwn: edit.isOwn))
        }
        return requests
    }

    private var unsettledSentCount: Int { pending.count(where: \.isSent) }

    // MARK: - The server's word

    /// Asks to come in, or to come back.
    package mutating func joinRequest() -> JoinRequest {
        needsJoin = false
        isJoining = true
        return JoinRequest(
            room: room, cursor: cursor, replica: replica,
            confirmed: settledThrough)
    }

    package mutating func disconnected() {
        isJoined = false
        isJoining = false
        members = [:]
        memberCount = 0
        for index in pending.indices {
            pending[index].isSent = false
            pending[index].isLate = true
        }
    }

    package mutating func joined(_ result: JoinResult) {
        shownNow = nil
        switch result.content {
        case .document(let document): confirmed = document
        case .patch(let patch, _): confirmed.merge(patch)
        }
        cursor = Cursor(epoch: result.epoch, number: result.number)
        role = result.role
        member = result.member
        members = Dictionary(
            result.members.map { ($0.number, $0) }, uniquingKeysWith: { _, last in last })
        memberCount = result.count
        playing = result.playing ?? RoomPlaying()
        isJoined = true
        isJoining = false
        sendAt = .zero
        for index in pending.indices {
            // What was seen of a history that was rewound is not there to be seen.
            if let base = pending[index].base,
                base.epoch != result.epoch || base.number > result.number
            {
                pending[index].base = nil
            }
        }
        takeUp(result.replica)
        checkHash(result.hash, at: result.number)
        changes.append(.joined)
    }

    package mutating func receive(_ event: Event, now: Duration) {
        switch event.kind {
        case .delta: receiveDelta(event)
        case .settled:
            if let settlement = Settlement(json: event.data) { settle(settlement, now: now) }
        case .presence:
            if let update = PresenceUpdate(json: event.data) { receivePresence(update) }
        case .playing:
            if let playing = RoomPlaying(json: event.data) {
                self.playing = playing
                changes.append(.playing)
            }
        case .joined:
            if let result = JoinResult(json: event.data) { joined(result) }
        case .left:
            disconnected()
            changes.append(
                .left(
                    code: event.data.object?["code"]?.string ?? "",
                    reason: event.data.object?["reason"]?.string ?? ""))
        default: break
        }
    }

    private mutating func receiveDelta(_ event: Event) {
        guard isJoined, let span = event.span, let patch = event.data.object?["patch"],
            let cursor
        else { return }
        guard span.epoch == cursor.epoch, span.from <= cursor.number else {
            needsJoin = !isJoining
            return
        }
        guard span.through > cursor.number else { return }
        confirmed.merge(patch)
        shownNow = nil
        self.cursor?.number = span.through
        deltaCount += 1
        if let hash = event.data.object?["hash"]?.string { checkHash(hash, at: span.through) }
        changes.append(.delta(patch))
    }

    private mutating func settle(_ settlement: Settlement, now: Duration) {
        guard settlement.replica == replica else { return }
        dropSettled(through: settlement.through, refused: settlement.refused)
        guard let retry = settlement.retry else { return }
        for index in pending.indices {
            if let seq = pending[index].seq, seq >= retry.from { pending[index].isSent = false }
        }
        sendAt = now + .milliseconds(retry.retryAfterMs)
        if retry.code == .epoch { needsJoin = !isJoining }
        if retry.code == .unconfirmed { owesConfirmation = true }
    }

    private mutating func takeUp(_ attached: JoinResult.Replica?) {
        for index in pending.indices { pending[index].isSent = false }
        guard let attached else {
            replica = nil
            let error = WireError(.forbidden, "you may not edit this pattern")
            refuse(pending, error)
            pending = []
            undoStack.clear()
            return
        }
        if attached.renumber || (replica != nil && replica != attached.id) {
            for index in pending.indices {
                pending[index].seq = nil
                pending[index].base = nil
            }
        }
        if replica != attached.id {
            settledThrough = 0
            // Of what another replica wrote, nothing is one's own.
            if replica != nil { undoStack.clear() }
        }
        replica = attached.id
        dropSettled(through: attached.through, refused: attached.refused)
        nextSeq = max(attached.through, pending.compactMap(\.seq).max() ?? 0) + 1
    }

    private mutating func dropSettled(through: Int64, refused: [Verdict]) {
        var kept: [PendingEdit] = []
        var gone: [(edit: PendingEdit, error: WireError)] = []
        for edit in pending {
            guard let seq = edit.seq, seq <= through else {
                kept.append(edit)
                continue
            }
            if let verdict = refused.first(where: { $0.seq == seq }) {
                gone.append((edit, verdict.error))
            } else {
                changes += edit.tickets.map { .settled($0) }
            }
        }
        if kept.count < pending.count { shownNow = nil }
        pending = kept
        for (edit, error) in gone {
            let isNewer = edit.isOwn && [.superseded, .absent].contains(error.name)
            if isNewer, let path = error.path, resendWithout(path, edit) { continue }
            refuse([edit], error)
        }
        settledThrough = max(settledThrough, through)
        if !refused.isEmpty { owesConfirmation = true }
    }

    private mutating func refuse(_ edits: [PendingEdit], _ error: WireError) {
        for edit in edits {
            for ticket in edit.tickets { undoStack.refused(ticket) }
            changes += edit.tickets.map { .refused($0, error) }
        }
    }

    private mutating func receivePresence(_ update: PresenceUpdate) {
        if update.isWhole { members = [:] }
        for number in update.left { members[number] = nil }
        for member in update.joined { members[member.number] = member }
        for (number, path) in update.touching { members[number]?.touching = path }
        memberCount = update.count
        changes.append(.members)
    }

    /// `Protocol/rooms.md#healing`.
    private mutating func checkHash(_ hash: String, at number: Int64) {
        let canonical = confirmed.canonical()
        if StateHash.text(ofCanonical: canonical) != hash { mismatch = (number, canonical) }
    }

    package mutating func confirmationSent() {
        owesConfirmation = false
    }

    package mutating func takeMismatch() -> (number: Int64, state: [UInt8])? {
        defer { mismatch = nil }
        return mismatch
    }
}
