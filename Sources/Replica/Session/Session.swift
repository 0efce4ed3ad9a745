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

    package enum Output: Hashable, Sendable {
        /// The session is open; pending edits and calls are on their way.
        case online
        case answer(CallID, Result<JSON, WireError>)
        case change(room: Identifier, PatternReplica.Change)
        case stream(StreamName, StreamNews)
        /// What the inbox shows has changed.
        case inbox
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

    enum Phase {
        case offline, connected, opening, open
    }

    var phase = Phase.offline
    var token: String?
    /// Whether `session.open` waits for `setToken`: a password is being checked.
    var holdsOpening = false
    /// Whether this socket's server has said hello.
    var isGreeted = false
    var requests = OpenRequests()
    var rejoins: [Identifier: Duration] = [:]
    var streams: [StreamName: FollowedStream] = [:]
    /// Streams that the server could not open, and when they are tried again.
    var reopenings: [StreamName: Duration] = [:]
    /// Nil unless it is followed.
    package internal(set) var inbox: InboxFollower?
    /// The rooms that `session.open` spoke of.
    var resumed: [Identifier] = []
    var resumedStreams: Set<StreamName> = []
    var heartbeatEvery: Duration = .seconds(Limits.heartbeatSeconds)
    var heartbeatAt: Duration?
    var reconnection: Reconnection
    var outgoing: [[UInt8]] = []
    var outputs: [Output] = []
    package internal(set) var clock = ClockEstimate()
    var clockProbes = ClockProbes()
    package internal(set) var rooms: [Identifier: PatternReplica] = [:]

    package init(token: String?, seed: UInt64) {
        self.token = token
        reconnection = Reconnection(seed: seed)
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
        let dues = [
            heartbeatAt, rooms, rejoins.values.min(), reopenings.values.min(), clockProbes.dueAt,
        ]
        return dues.compactMap(\.self).min()
    }

    // MARK: - What the app asks

    /// Who opens the next session, and this one if it waits: nil for a guest.
    package mutating func setToken(_ token: String?) {
        // It may be somebody else's.
        if token != self.token, phase != .open { forgetStreams() }
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
        guard let (id, request) = requests.makeCall(method, params) else { return nil }
        // A password is checked before there is a session.
        if phase == .open || (isGreeted && method.caller == .anyone) {
            outgoing.append(request.bytes)
        }
        return id
    }

    /// Nobody waits for this call any more. What the server does with it is not known.
    package mutating func forget(_ id: CallID) {
        requests.forget(id)
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
        let ticket = rooms[room]?.edit(content, claimedMs: clock.serverTimeMs(at: now), now: now)
        // Not only what is to be sent: an edit that can never be taken is refused here.
        settle(room, now: now)
        return ticket
    }

    /// Takes back one's last edit, or does again what was taken back; nil when there is none.
    package mutating func reverse(
        _ room: Identifier, isRedo: Bool, now: Duration
    ) -> PatternReplica.Reversal? {
        let claimedMs = clock.serverTimeMs(at: now)
        let reversal =
            isRedo
            ? rooms[room]?.redo(claimedMs: claimedMs) : rooms[room]?.undo(claimedMs: claimedMs)
        settle(room, now: now)
        return reversal
    }

    package mutating func touch(_ room: Identifier, _ pointer: String?) {
        guard phase == .open, rooms[room]?.isLive == true else { return }
        outgoing.append(
            Request(
                id: nil, method: .roomPresence,
                params: [
                    "room": .string(room.description),
                    "touching": .orNull(pointer),
                ]
            ).bytes)
    }

    /// Measures the server's clock from now on, for who plays.
    package mutating func measureClock(now: Duration) {
        clockProbes.want(isOpen: phase == .open, now: now)
    }

    // MARK: - The socket

    package mutating func socketOpened(now: Duration) {
        phase = .connected
        isGreeted = false
        reconnection.socketOpened(now: now)
    }

    package mutating func socketClosed(
        code: UInt16, reason: String, now: Duration
    ) -> AfterClose {
        phase = .offline
        heartbeatAt = nil
        clockProbes.closed()
        rejoins = [:]
        reopenings = [:]
        for name in streams.keys { streams[name]?.closed() }
        outgoing = []
        requests.socketClosed()
        for room in rooms.keys { rooms[room]?.disconnected() }
        isGreeted = false
        return reconnection.socketClosed(code: code, reason: reason, now: now)
    }

    /// Does what is due by now.
    package mutating func wake(now: Duration) {
        guard phase == .open else { return }
        if let due = heartbeatAt, due <= now { sendHeartbeat(now: now) }
        if let due = clockProbes.dueAt, due <= now {
            send(.clock, [:], for: .clock(sentAt: now))
            clockProbes.sent(now: now)
        }
        for (room, due) in rejoins.sorted(by: { $0.key < $1.key }) where due <= now {
            rejoins[room] = nil
            sendJoin(room)
        }
        for (stream, due) in reopenings.sorted(by: { $0.key.text < $1.key.text }) where due <= now {
            reopenings[stream] = nil
            sendOpen(stream)
        }
        for room in rooms.keys.sorted() { flush(room, now: now) }
    }

    // MARK: - What goes out

    mutating func flush(_ room: Identifier, now: Duration) {
        guard phase == .open else { return }
        for request in rooms[room]?.takeRequests(now: now) ?? [] {
            outgoing.append(Request(id: nil, method: .roomEdit, params: request.json).bytes)
        }
    }

    /// Sends the open calls again, in their order.
    mutating func sendCalls(_ isTheirTurn: (Method.Caller?) -> Bool) {
        outgoing += requests.calls(of: isTheirTurn).map(\.bytes)
    }

    mutating func sendJoin(_ room: Identifier) {
        guard let request = rooms[room]?.joinRequest() else { return }
        send(.roomJoin, request.json, for: .join(room))
    }

    mutating func sendLeave(_ room: Identifier) {
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
        var params: JSON.Object = ["rooms": .object(numbers)]
        if !streams.isEmpty { params["streams"] = .object(streamNumbers) }
        send(.heartbeat, params, for: .heartbeat(sentAt: now))
    }

    mutating func send(
        _ method: Method, _ params: JSON.Object, for purpose: OpenRequests.Purpose
    ) {
        outgoing.append(requests.make(method, params, for: purpose).bytes)
    }
}
