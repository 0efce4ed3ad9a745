import Model
import Wire

/// What the server says, and what follows.
extension Session {
    /// How long refusals gather before they are confirmed.
    private static let confirmationDelay = Duration.milliseconds(500)

    package mutating func receive(_ bytes: [UInt8], now: Duration) {
        guard let messages = ServerMessage.read(bytes) else {
            outputs.append(.abort("a message that is not of this protocol"))
            return
        }
        for message in messages {
            switch message {
            case .notification(let method, let params): notified(method, params, now: now)
            case .result(let id, let result): answered(id, .success(result), now: now)
            case .failure(let id, let error): answered(id, .failure(error), now: now)
            }
        }
    }

    private mutating func notified(_ method: String, _ params: JSON.Object, now: Duration) {
        switch method {
        case NotificationName.hello:
            if let timeMs = params["timeMs"]?.int {
                clock.add(toldMs: timeMs, receivedAt: now)
            }
            if let seconds = params["heartbeatSeconds"]?.int {
                heartbeatEvery = .seconds(max(1, seconds))
            }
            isGreeted = true
            sendCalls { $0 == .anyone }
            if !holdsOpening { open() }
        case NotificationName.bye:
            reconnection.saidBye(
                code: UInt16(clamping: params["code"]?.int ?? 1011),
                reason: params["reason"]?.string ?? "",
                retryAfterMs: params["retryAfterMs"]?.int)
        case NotificationName.event:
            guard let event = Event(params: params) else { return }
            switch event.stream {
            case .room(let room):
                rooms[room]?.receive(event, now: now)
                settle(room, now: now)
                // Left while the session was being opened.
                if event.kind == .joined, rooms[room] == nil { sendLeave(room) }
            case .pattern, .inbox, .feed: received(event, now: now)
            }
        default: break
        }
    }

    mutating func open() {
        phase = .opening
        var params = JSON.Object()
        if let token { params["token"] = .string(token) }
        resumed = Array(rooms.keys.sorted().prefix(Limits.roomsPerPeerMax))
        let resumes = resumed.compactMap { rooms[$0]?.joinRequest() }
        if !resumes.isEmpty { params["resume"] = .array(resumes.map { .object($0.json) }) }
        params["streams"] = streamParams
        resumedStreams = Set(streams.keys)
        send(.sessionOpen, params, for: .open)
    }

    private mutating func answered(
        _ id: RequestID, _ result: Result<JSON, WireError>, now: Duration
    ) {
        guard let (number, purpose) = requests.answered(id) else { return }
        switch (purpose, result) {
        case (.open, .success): opened(now: now)
        case (.open, .failure(let error)):
            phase = .connected
            if error.name.isRetryable {
                // A new socket after a back-off, rather than a socket without a session.
                outputs.append(.abort("no session: \(error.message)"))
            } else {
                holdsOpening = true
                outputs.append(.signInNeeded(error))
            }
        case (.heartbeat(let sentAt), .success(let result)):
            if let timeMs = result["timeMs"]?.int {
                clock.add(
                    sentAt: sentAt, receivedMs: timeMs, answeredMs: timeMs, receivedAt: now)
            }
        case (.clock(let sentAt), .success(let result)):
            if let receivedMs = result["receivedMs"]?.int,
                let answeredMs = result["answeredMs"]?.int
            {
                clock.add(
                    sentAt: sentAt, receivedMs: receivedMs, answeredMs: answeredMs,
                    receivedAt: now)
            }
            if let sent = result["streams"]?.object { compare(sent: sent) }
        case (.stream(let stream), .success(let result)): opened(stream, result)
        case (.stream(let stream), .failure(let error)): refused(stream, error, now: now)
        case (.inboxList, _): inboxListed(result)
        case (.inboxPage, _): inboxPageListed(result)
        case (.join(let room), .success(let result)), (.heal(let room), .success(let result)):
            if let joined = JoinResult(json: result) { rooms[room]?.joined(joined) }
            settle(room, now: now)
        case (.join(let room), .failure(let error)):
            if error.name.isRetryable {
                rejoins[room] = now + .milliseconds(error.retryAfterMs ?? 500)
            } else {
                rooms[room] = nil
                let change = PatternReplica.Change.left(
                    code: error.name.rawValue, reason: error.message)
                outputs.append(.change(room: room, change))
            }
        case (.call, _):
            outputs.append(.answer(number, result))
        case (.heartbeat, .failure), (.clock, .failure), (.heal, .failure), (.leave, _): break
        }
    }

    private mutating func opened(now: Duration) {
        phase = .open
        reconnection.sessionOpened()
        heartbeatAt = now + heartbeatEvery
        clockProbes.opened(now: now)
        outputs.append(.online)
        sendCalls { $0 != .anyone }
        for room in rooms.keys.sorted() where !resumed.contains(room) { sendJoin(room) }
        for stream in streams.keys where !resumedStreams.contains(stream) { sendOpen(stream) }
        for room in resumed { settle(room, now: now) }
    }

    /// After each word of a room: pass on what changed, and see to what it needs.
    mutating func settle(_ room: Identifier, now: Duration) {
        for change in rooms[room]?.takeChanges() ?? [] {
            outputs.append(.change(room: room, change))
            if rooms[room]?.playing.beat.segments.isEmpty == false { measureClock(now: now) }
            if case .left(let code, _) = change { left(room, code: code, now: now) }
        }
        guard phase == .open else { return }
        if rooms[room]?.needsJoin == true { sendJoin(room) }
        if rooms[room]?.owesConfirmation == true, let due = heartbeatAt {
            heartbeatAt = min(due, now + Self.confirmationDelay)
        }
        if let mismatch = rooms[room]?.takeMismatch() {
            let state = String(decoding: mismatch.state, as: UTF8.self)
            send(
                .roomHeal,
                [
                    "room": .string(room.description), "number": .integer(mismatch.number),
                    "state": .string(state),
                ], for: .heal(room))
        }
        flush(room, now: now)
    }

    /// Somebody took the replica, or the right to be here; or the server reads the room anew.
    private mutating func left(_ room: Identifier, code: String, now: Duration) {
        guard rooms[room] != nil else { return }
        if ErrorName(rawValue: code)?.isRetryable == true {
            rejoins[room] = now + reconnection.nextDelay()
        } else {
            rooms[room] = nil
        }
    }
}
