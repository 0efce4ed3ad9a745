import CRDT
import Logging
import Model
import Rooms
import Social
import Storage
import Transport
import WebSocket
import Wire

/// The home of rooms: performs what rooms decide.
extension Shard {
    nonisolated func home(of room: Identifier) -> Int {
        // The low half of a version 7 UUID is random.
        Int(room.low % UInt64(services.configuration.shards))
    }

    /// Runs `body` on an open room, and remembers to see to its effects in this turn.
    func withRoom(_ id: Identifier, _ body: (RoomHost) -> Void) {
        guard case .open(let host)? = rooms[id] else { return }
        body(host)
        dirtyRooms.insert(id)
    }

    // MARK: - Joining

    func hostJoin(_ call: JoinCall) { enter(call.request.room, .join(call)) }

    /// Opens the room first, if need be.
    func enter(_ id: Identifier, _ call: RoomCall) {
        switch rooms[id] {
        case .open(let host)?:
            perform(call, host)
            dirtyRooms.insert(id)
        case .loading(var waiting, let isStale)?:
            guard waiting.count < Limits.membersPerRoomMax else {
                turnAway(call, .busy)
                return
            }
            waiting.append(call)
            rooms[id] = .loading(waiting, isStale: isStale)
        case nil:
            rooms[id] = .loading([call], isStale: false)
            load(id)
        }
    }

    private func perform(_ call: RoomCall, _ host: RoomHost) {
        switch call {
        case .join(let call): join(call, host)
        case .update(let call): update(call, host)
        }
    }

    private func turnAway(_ call: RoomCall, _ error: WireError) {
        switch call {
        case .join(let call): turnAway(call, error)
        case .update(let call): refuse(call.reply, call.method, error)
        }
    }

    private func join(_ call: JoinCall, _ host: RoomHost) {
        guard let role = host.access.role(of: call.user) else {
            turnAway(call, PatternAccess.noPattern)
            return
        }
        var generator = SystemRandomNumberGenerator()
        let outcome = host.room.join(
            call.request, as: Participant(user: call.user, name: call.name, role: role),
            freshReplica: ReplicaID(rawValue: generator.next()), at: moment)
        switch outcome {
        case .joined(let member, let result):
            host.seats[member] = call.peer
            // What the room said before goes out first: the fenced socket hears of it.
            perform(host)
            send(
                .joined(
                    call.peer, call.request.room, member, result: result.json.serialised(),
                    call.answer), to: call.peer.shard)
        case .refused(let error): turnAway(call, error)
        }
    }

    private func turnAway(_ call: JoinCall, _ error: WireError) {
        send(.notJoined(call.peer, call.request.room, error, call.answer), to: call.peer.shard)
    }

    func hostLeave(_ id: Identifier, _ member: MemberNumber) {
        withRoom(id) { host in
            host.room.leave(member, now: moment.elapsed)
            host.seats[member] = nil
        }
    }

    // MARK: - Loading

    private func load(_ id: Identifier) {
        let epoch = services.epoch
        let isReading = services.reader.read(
            { try LoadedRoom.read(id, from: $0) },
            completion: { [self] result in
                post { shard in
                    if shard.isStale(id) { return shard.loadAgain(id) }
                    switch result {
                    case .success(.room(let loaded)):
                        if shard.isWanted(id, loaded.access) { shard.open(id, loaded) }
                    case .success(.roomMissing(let pattern, let access)):
                        if shard.isWanted(id, access) { shard.begin(id, pattern, epoch: epoch) }
                    case .success(.patternMissing):
                        shard.failLoading(id, PatternAccess.noPattern)
                    case .failure(let error):
                        shard.failLoading(id, shard.unexpected(error))
                    }
                }
            })
        if !isReading { failLoading(id, .busy) }
    }

    private func isStale(_ id: Identifier) -> Bool {
        if case .loading(_, isStale: true)? = rooms[id] { true } else { false }
    }

    private func loadAgain(_ id: Identifier) {
        guard case .loading(let waiting, _)? = rooms[id] else { return }
        rooms[id] = .loading(waiting, isStale: false)
        load(id)
    }

    /// Turns away those who may not know of the pattern; a room that only they asked for is not
    /// opened.
    private func isWanted(_ id: Identifier, _ access: RoomAccess) -> Bool {
        guard case .loading(let waiting, let isStale)? = rooms[id] else { return false }
        var welcome: [RoomCall] = []
        for call in waiting {
            if access.role(of: call.user) == nil {
                turnAway(call, PatternAccess.noPattern)
            } else {
                welcome.append(call)
            }
        }
        rooms[id] = welcome.isEmpty ? nil : .loading(welcome, isStale: isStale)
        return !welcome.isEmpty
    }

    /// A pattern that was put into the database from outside gets its room when it is first opened.
    private func begin(_ id: Identifier, _ pattern: PatternRecord, epoch: Int64) {
        let snapshot = pattern.document(catalogue: services.catalogue).json.serialised()
        let nowMs = moment.wallClockMs
        services.journal.perform(
            { try RoomStore($0).begin(id, epoch: epoch, snapshot: snapshot, nowMs: nowMs) },
            completion: { [self] result in
                post { shard in
                    switch result {
                    case .success: shard.loadAgain(id)
                    case .failure(let failure):
                        shard.failLoading(id, shard.error(of: failure))
                    }
                }
            })
    }

    private func open(_ id: Identifier, _ loaded: LoadedRoom) {
        guard case .loading(let waiting, _)? = rooms[id] else { return }
        do throws(RoomHistory.Unreadable) {
            let history = try loaded.history()
            var room = try Room(
                history: history, catalogue: services.catalogue, now: moment.elapsed,
                firstMember: memberNumberFloor)
            room.setReadOnly(isReadOnly)
            let host = RoomHost(
                room: room, access: loaded.access, question: accessQuestions)
            rooms[id] = .open(host)
            dirtyRooms.insert(id)
            for call in waiting { perform(call, host) }
        } catch {
            log.error("a room cannot be read: \(error)", room: id)
            failLoading(
                id, WireError(.internal, "the room cannot be read; it was logged"))
        }
    }

    private func failLoading(_ id: Identifier, _ error: WireError) {
        guard case .loading(let waiting, _)? = rooms.removeValue(forKey: id) else { return }
        for call in waiting { turnAway(call, error) }
    }

    // MARK: - Editing

    func hostEdit(_ request: EditRequest, _ member: MemberNumber, _ reply: Reply) {
        var outcome = Room.EditOutcome.refused(
            WireError.notJoined)
        withRoom(request.room) { host in
            let call = host.keepCall(reply)
            outcome = host.room.edit(request, from: member, call: call, at: moment)
            if outcome != .gathered { _ = host.takeCall(call) }
        }
        switch outcome {
        case .gathered: break
        case .settled(let verdict):
            answer(reply, verdict.map { .failure($0.error) } ?? .json([:]))
        case .retry(let error): answer(reply, .failure(error))
        case .refused(let error): refuse(reply, .roomEdit, error)
        }
    }

    /// A notification has no response; its refusal goes out as one of our own.
    func refuse(_ reply: Reply, _ method: Method, _ error: WireError) {
        if reply.id == nil {
            send(.refused(reply, method, error), to: reply.peer.shard)
        } else {
            answer(reply, .failure(error))
        }
    }

    func hostTouch(
        _ id: Identifier, _ pointer: String?, _ member: MemberNumber, _ reply: Reply
    ) {
        var failure: WireError?
        withRoom(id) { host in
            do throws(WireError) {
                try host.room.touch(pointer, by: member)
            } catch {
                failure = error
            }
        }
        if let failure {
            refuse(reply, .roomPresence, failure)
        } else {
            answer(reply, .json([:]))
        }
    }

    func hostHeal(
        _ id: Identifier, _ member: MemberNumber, number: Int64, state: String, _ reply: Reply
    ) {
        var result: JoinResult?
        withRoom(id) { host in
            noteDifference(host, number: number, state: state)
            result = host.room.heal(member)
        }
        answer(
            reply,
            result.map { .json($0.json) }
                ?? .failure(WireError.notJoined))
    }

    /// Logs both states, if they can be compared and do differ; seldom, because anybody may call.
    private func noteDifference(_ host: RoomHost, number: Int64, state: String) {
        let pause = Duration.seconds(Limits.hashIntervalSeconds)
        guard number == host.room.committed.number,
            healLoggedAt.map({ $0 + pause <= moment.elapsed }) ?? true
        else { return }
        let ours = String(
            decoding: host.room.committed.canonical(catalogue: services.catalogue), as: UTF8.self)
        guard ours != state else { return }
        healLoggedAt = moment.elapsed
        healCount += 1
        log.error(
            "a client's state differs from its room's",
            metadata: [
                // As JSON text, which has no line breaks: nobody writes lines of this log but us.
                "room": "\(host.room.id)", "number": "\(number)",
                "theirs": "\(String(decoding: JSON.string(state).serialised(), as: UTF8.self))",
                "ours": "\(ours)", "countSinceStart": "\(healCount)",
            ])
    }

    // MARK: - Effects

    /// At the end of a turn: what rooms said goes out, what they gathered goes to the journal.
    func finishRooms() {
        while let id = dirtyRooms.popFirst() {
            guard case .open(let host)? = rooms[id] else { continue }
            perform(host)
            if isStopping || host.room.isCommitDue(now: moment.elapsed),
                let draft = host.room.beginCommit(at: moment, isFinal: isStopping)
            {
                journalEntries.append(
                    .room(RoomCommit(draft), edits: draft.editCount, shard: index))
            }
            if let deadline = host.room.nextDeadline {
                timers.set(.room(id), at: deadline)
            } else {
                timers.cancel(.room(id))
            }
        }
    }

    func wakeRoom(_ id: Identifier) {
        withRoom(id) { host in
            host.room.wake(at: moment)
            if host.room.isIdle(now: moment.elapsed) { close(host) }
        }
    }

    func perform(_ host: RoomHost) {
        guard host.room.hasEffects else { return }
        for effect in host.room.takeEffects() {
            switch effect {
            case .send(let text, let member):
                guard let seat = host.seats[member] else { continue }
                send(.text(text, to: seat), to: seat.shard)
            case .respond(let call, let result):
                switch host.takeCall(call) {
                case .edit(let reply)?: answer(reply, Answer(result))
                case .update(let call)?: finish(call, result, host)
                case nil: break
                }
            case .broadcast(let text, let members, let isDroppable):
                broadcast(text, to: members, of: host, isDroppable: isDroppable)
            case .remove(let member):
                guard let seat = host.seats.removeValue(forKey: member) else { continue }
                send(.removed(seat, host.room.id, member), to: seat.shard)
            }
        }
    }

    /// Encoded, framed and compressed once; one message per shard, whatever the number of members.
    private func broadcast(
        _ text: [UInt8], to members: [MemberNumber], of host: RoomHost, isDroppable: Bool
    ) {
        let message = SharedMessage(text: text)
        var tokens: [[UInt64]] = Array(repeating: [], count: shards.count)
        for member in members {
            if let seat = host.seats[member] { tokens[seat.shard].append(seat.token) }
        }
        for (shard, tokens) in tokens.enumerated() where !tokens.isEmpty {
            send(.shared(message, to: tokens, isDroppable: isDroppable), to: shard)
        }
    }

    // MARK: - The journal's word

    func settle(_ outcomes: [(room: Identifier, outcome: RoomCommitOutcome)]) {
        for (id, outcome) in outcomes {
            withRoom(id) { host in
                switch outcome {
                case .committed: host.room.commitSucceeded(at: moment)
                case .failed: host.room.commitFailed(at: moment)
                case .mustReload:
                    host.room.commitFailed(at: moment)
                    host.mustReload = true
                    if !isReadOnly { reload(host) }
                }
            }
        }
    }

    func setReadOnly(_ isReadOnly: Bool) {
        self.isReadOnly = isReadOnly
        for id in Array(rooms.keys) {
            withRoom(id) { host in
                host.room.setReadOnly(isReadOnly)
                if !isReadOnly, host.mustReload { reload(host) }
            }
        }
    }

    /// Sends everybody out with a code that says come again: they find what is on disk.
    func reload(_ host: RoomHost) {
        host.room.end(
            code: .internal, reason: "the room is read again from disk", now: moment.elapsed)
        perform(host)
        close(host)
    }

    private func close(_ host: RoomHost) {
        memberNumberFloor = max(memberNumberFloor, host.room.nextMember)
        rooms[host.room.id] = nil
    }
}
