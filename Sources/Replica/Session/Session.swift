package import Model
package import Wire

/// A client's whole state across sockets: who it is, its rooms, its open calls, its clock. Pure:
/// bytes and time in, bytes and outputs out; what opens sockets is `Client`, or a simulator.
///
/// A call that was not answered when a socket went is sent again on the next one: every method is
/// safe to repeat (edits by their dot, other writes by their `opId`).
package struct Session: Sendable {
    package typealias CallID = Int64

    /// Open calls at one time.
    package static let callsMax = 1_000
    /// A client that is sent away to resume at once, and again sooner than this after it came back,
    /// backs off.
    private static let resumedSocketMin = Duration.seconds(1)
    /// How long refusals gather before they are confirmed.
    private static let confirmationDelay = Duration.milliseconds(500)

    package enum Output: Hashable, Sendable {
        /// The session is open; pending edits and calls are on their way.
        case online
        case answer(CallID, Result<JSON, WireError>)
        case change(room: Identifier, PatternReplica.Change)
        /// The token is not valid (any more): sign in, then `setToken`.
        case signInNeeded(WireError)
        /// The socket should be closed: what came is not the protocol.
        case abort(String)
    }

    /// What to do after a socket went.
    package enum AfterClose: Hashable, Sendable {
        case reconnect(at: Duration)
        case stop(code: UInt16, reason: String)
        case signIn
    }

    private enum Phase {
        case offline, connected, opening, open
    }

    private enum Purpose {
        case open
        case heartbeat(sentAt: Duration)
        case join(Identifier)
        case heal(Identifier)
        case leave
        case call
    }

    private var phase = Phase.offline
    private var token: String?
    /// Whether `session.open` waits for `setToken`: a password is being checked.
    private var holdsOpening = false
    /// Whether this socket's server has said hello.
    private var isGreeted = false
    private var nextCall: CallID = 1
    private var purposes: [CallID: Purpose] = [:]
    private var calls: [CallID: Request] = [:]
    private var rejoins: [Identifier: Duration] = [:]
    /// The rooms that `session.open` spoke of.
    private var resumed: [Identifier] = []
    private var socketOpenedAt: Duration = .zero
    private var heartbeatEvery: Duration = .seconds(Limits.heartbeatSeconds)
    private var heartbeatAt: Duration?
    private var bye: (code: UInt16, reason: String, retryAfterMs: Int64?)?
    private var backoff: Backoff
    /// For sockets that end with the duty to resume now, one soon after the other; an open session
    /// does not reset it.
    private var resumeBackoff: Backoff
    private var wasSentToResume = false
    private var outgoing: [[UInt8]] = []
    private var outputs: [Output] = []
    package private(set) var clock = ClockEstimate()
    package private(set) var rooms: [Identifier: PatternReplica] = [:]

    package init(token: String?, seed: UInt64) {
        self.token = token
        backoff = Backoff(seed: seed)
        resumeBackoff = Backoff(seed: seed)
    }

    package mutating func takeOutgoing() -> [[UInt8]] {
        defer { outgoing.removeAll(keepingCapacity: true) }
        return outgoing
    }

    package mutating func takeOutputs() -> [Output] {
        defer { outputs.removeAll(keepingCapacity: true) }
        return outputs
    }

    package var isOnline: Bool { phase == .open }

    package var nextDeadline: Duration? {
        guard phase == .open else { return nil }
        let rooms = rooms.values.lazy.compactMap(\.nextDeadline).min()
        return [heartbeatAt, rooms, rejoins.values.min()].compactMap(\.self).min()
    }

    // MARK: - What the app asks

    /// Who opens the next session, and this one if it waits: nil for a guest.
    package mutating func setToken(_ token: String?) {
        self.token = token
        holdsOpening = false
        if phase == .connected, isGreeted { open() }
    }

    /// Sockets open no session until `setToken`; calls that need none are made meanwhile.
    package mutating func holdOpening() {
        holdsOpening = true
    }

    /// Nil when too many calls are open.
    package mutating func call(_ method: Method, _ params: JSON.Object) -> CallID? {
        guard calls.count < Self.callsMax else { return nil }
        let id = number(.call)
        let request = Request(id: .integer(id), method: method, params: params)
        calls[id] = request
        // A password is checked before there is a session.
        if phase == .open || (isGreeted && method.caller == .anyone) {
            outgoing.append(request.bytes)
        }
        return id
    }

    /// Nobody waits for this call any more. What the server does with it is not known.
    package mutating func forget(_ id: CallID) {
        calls[id] = nil
        purposes[id] = nil
    }

    package mutating func join(_ room: Identifier) {
        guard rooms[room] == nil else { return }
        rooms[room] = PatternReplica(room: room)
        if phase == .open { sendJoin(room) }
    }

    package mutating func leave(_ room: Identifier) {
        guard rooms.removeValue(forKey: room) != nil, phase == .open else { return }
        rejoins[room] = nil
        sendLeave(room)
    }

    /// Nil when the room is not joined, or too many edits wait.
    package mutating func edit(
        _ room: Identifier, _ content: EditContent, now: Duration
    ) -> EditTicket? {
        let ticket = rooms[room]?.edit(content, claimedMs: clock.serverTimeMs(at: now))
        // Not only what is to be sent: an edit that can never be taken is refused here.
        settle(room, now: now)
        return ticket
    }

    package mutating func touch(_ room: Identifier, _ pointer: String?) {
        guard phase == .open, rooms[room]?.isLive == true else { return }
        outgoing.append(
            Request(
                id: nil, method: .roomPresence,
                params: [
                    "room": .string(room.description),
                    "touching": pointer.map { .string($0) } ?? .null,
                ]
            ).bytes)
    }

    // MARK: - The socket

    package mutating func socketOpened(now: Duration) {
        phase = .connected
        isGreeted = false
        socketOpenedAt = now
        bye = nil
    }

    package mutating func socketClosed(
        code: UInt16, reason: String, now: Duration
    ) -> AfterClose {
        phase = .offline
        heartbeatAt = nil
        rejoins = [:]
        outgoing = []
        purposes = purposes.filter { if case .call = $0.value { true } else { false } }
        for room in rooms.keys { rooms[room]?.disconnected() }
        isGreeted = false
        let bye = bye
        // It was about this socket: the next one that fails has reasons of its own.
        self.bye = nil
        let code = bye?.code ?? code
        let given = bye?.retryAfterMs.map { Duration.milliseconds($0) }
        switch CloseCode.duty(of: code) {
        case .stop where code != 1000: return .stop(code: code, reason: bye?.reason ?? reason)
        case .signInAgain: return .signIn
        case .resumeNow: return .reconnect(at: now + (given ?? resumeDelay(now: now)))
        default: return .reconnect(at: now + (given ?? backoff.next()))
        }
    }

    /// Nothing, unless the last socket was ended for the same reason and this one lived only
    /// shortly: no tight loop between a client that cannot keep up and its server.
    private mutating func resumeDelay(now: Duration) -> Duration {
        let isRepeated = wasSentToResume && now - socketOpenedAt < Self.resumedSocketMin
        wasSentToResume = true
        if isRepeated { return resumeBackoff.next() }
        resumeBackoff.reset()
        return .zero
    }

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

    /// Does what is due by now.
    package mutating func wake(now: Duration) {
        guard phase == .open else { return }
        if let due = heartbeatAt, due <= now { sendHeartbeat(now: now) }
        for (room, due) in rejoins.sorted(by: { $0.key < $1.key }) where due <= now {
            rejoins[room] = nil
            sendJoin(room)
        }
        for room in rooms.keys.sorted() { flush(room, now: now) }
    }

    // MARK: - What came

    private mutating func notified(_ method: String, _ params: JSON.Object, now: Duration) {
        switch method {
        case NotificationName.hello:
            if let timeMs = params["timeMs"]?.int {
                clock.add(sentAt: socketOpenedAt, receivedAt: now, serverMs: timeMs)
            }
            if let seconds = params["heartbeatSeconds"]?.int {
                heartbeatEvery = .seconds(max(1, seconds))
            }
            isGreeted = true
            sendCalls { $0 == .anyone }
            if !holdsOpening { open() }
        case NotificationName.bye:
            bye = (
                UInt16(clamping: params["code"]?.int ?? 1011), params["reason"]?.string ?? "",
                params["retryAfterMs"]?.int
            )
        case NotificationName.event:
            guard let event = Event(params: params) else { return }
            switch event.stream {
            case .room(let room):
                rooms[room]?.receive(event, now: now)
                settle(room, now: now)
                // Left while the session was being opened.
                if event.kind == .joined, rooms[room] == nil { sendLeave(room) }
            }
        default: break
        }
    }

    private mutating func open() {
        phase = .opening
        var params = JSON.Object()
        if let token { params["token"] = .string(token) }
        resumed = Array(rooms.keys.sorted().prefix(Limits.roomsPerPeerMax))
        let resumes = resumed.compactMap { rooms[$0]?.joinRequest() }
        if !resumes.isEmpty { params["resume"] = .array(resumes.map { .object($0.json) }) }
        send(.sessionOpen, params, for: .open)
    }

    private mutating func answered(
        _ id: RequestID, _ result: Result<JSON, WireError>, now: Duration
    ) {
        guard case .integer(let number) = id,
            let purpose = purposes.removeValue(forKey: number)
        else { return }
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
                clock.add(sentAt: sentAt, receivedAt: now, serverMs: timeMs)
            }
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
            guard calls.removeValue(forKey: number) != nil else { break }
            outputs.append(.answer(number, result))
        case (.heartbeat, .failure), (.heal, .failure), (.leave, _): break
        }
    }

    private mutating func opened(now: Duration) {
        phase = .open
        backoff.reset()
        heartbeatAt = now + heartbeatEvery
        outputs.append(.online)
        sendCalls { $0 != .anyone }
        for room in rooms.keys.sorted() where !resumed.contains(room) { sendJoin(room) }
        for room in resumed { settle(room, now: now) }
    }

    /// After each word of a room: pass on what changed, and see to what it needs.
    private mutating func settle(_ room: Identifier, now: Duration) {
        for change in rooms[room]?.takeChanges() ?? [] {
            outputs.append(.change(room: room, change))
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
            rejoins[room] = now + backoff.next()
        } else {
            rooms[room] = nil
        }
    }

    // MARK: - What goes out

    private mutating func flush(_ room: Identifier, now: Duration) {
        guard phase == .open else { return }
        for request in rooms[room]?.takeRequests(now: now) ?? [] {
            outgoing.append(Request(id: nil, method: .roomEdit, params: request.json).bytes)
        }
    }

    /// Sends the open calls again, in their order.
    private mutating func sendCalls(_ isTheirTurn: (Method.Caller?) -> Bool) {
        for (_, request) in calls.sorted(by: { $0.key < $1.key })
        where isTheirTurn(Method(rawValue: request.method)?.caller) {
            outgoing.append(request.bytes)
        }
    }

    private mutating func sendJoin(_ room: Identifier) {
        guard let request = rooms[room]?.joinRequest() else { return }
        send(.roomJoin, request.json, for: .join(room))
    }

    private mutating func sendLeave(_ room: Identifier) {
        send(.roomLeave, ["room": .string(room.description)], for: .leave)
    }

    private mutating func sendHeartbeat(now: Duration) {
        heartbeatAt = now + heartbeatEvery
        var numbers = JSON.Object()
        for (room, replica) in rooms.sorted(by: { $0.key < $1.key }) {
            guard let cursor = replica.cursor else { continue }
            rooms[room]?.confirmationSent()
            numbers[room.description] = [
                "number": .integer(cursor.number),
                "confirmed": .integer(replica.settledThrough),
            ]
        }
        send(.heartbeat, ["rooms": .object(numbers)], for: .heartbeat(sentAt: now))
    }

    private mutating func send(_ method: Method, _ params: JSON.Object, for purpose: Purpose) {
        outgoing.append(
            Request(id: .integer(number(purpose)), method: method, params: params).bytes)
    }

    private mutating func number(_ purpose: Purpose) -> CallID {
        defer { nextCall += 1 }
        purposes[nextCall] = purpose
        return nextCall
    }
}
