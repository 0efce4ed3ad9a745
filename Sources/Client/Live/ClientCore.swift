package import Model
package import Replica
import Transport
import Wire

/// One client on a loop: does what its `Session` decides, and tells who waits. It opens sockets,
/// watches deadlines and keeps promises; it judges nothing. Confined to its loop.
package final class ClientCore: LoopMember, LinkDelegate {
    /// A server that has accepted the socket and says nothing for this long is not one.
    package static let sessionTimeout: Duration = .seconds(20)
    /// Edits made through the async API whose handles are not resolved.
    package static let openHandlesMax = 65_536

    private unowned let driver: LoopDriver
    private let loop: ClientLoop
    private let endpoint: Endpoint
    private var token: LoopDriver.Token = 0
    package private(set) var session: Session
    package private(set) var link: Link?
    private var isWanted = false
    private var isClosed = false
    private var retryAt: Duration?
    private var sessionDeadline: Duration?
    private var calls: [Session.CallID: (promise: Promise<JSON>, deadline: Duration)] = [:]
    private var handles: [Identifier: [EditTicket: Promise<Void>]] = [:]
    private var handleCount = 0
    private var roomStreams: [Identifier: [Int: AsyncStream<RoomChange>.Continuation]] = [:]
    private var stateStreams: [Int: AsyncStream<ConnectionState>.Continuation] = [:]
    private var joinPromises: [Identifier: [Promise<Void>]] = [:]
    private var onlinePromises: [Promise<Void>] = []
    private var nextStream = 0
    package private(set) var state = ConnectionState.idle
    /// Raw hooks for those who live on the loop: every change, before anybody else hears of it.
    package var onChange: ((Identifier, PatternReplica.Change, Duration) -> Void)?
    package var onState: ((ConnectionState, Duration) -> Void)?
    /// Sockets that were opened.
    package private(set) var connectCount = 0
    /// Messages that came, over all sockets.
    package private(set) var receivedMessages = 0
    private var endedReceivedBytes = 0
    private var endedSentBytes = 0

    /// Lives until `close`.
    package init(to endpoint: Endpoint, on driver: LoopDriver, loop: ClientLoop) {
        self.endpoint = endpoint
        self.driver = driver
        self.loop = loop
        let seed = RandomBytes.make(8).reduce(0) { $0 << 8 | UInt64($1) }
        session = Session(token: nil, seed: seed)
        self.token = driver.add(self)
    }

    package var memberToken: LoopDriver.Token { token }
    package var receivedBytes: Int { endedReceivedBytes + (link?.receivedBytes ?? 0) }
    package var sentBytes: Int { endedSentBytes + (link?.sentBytes ?? 0) }

    // MARK: - What the app asks

    /// Connects, and comes back after every loss, as the holder of `token` or as a guest.
    package func open(token: String?, now: Duration) {
        session.setToken(token)
        want(now: now)
    }

    func signIn(email: String, password: String, _ promise: Promise<JSON>, deadline: Duration) {
        let now = EventLoop.now
        session.holdOpening()
        dropLink()
        call(
            .accountSignIn, ["email": .string(email), "password": .string(password)], promise,
            deadline)
        want(now: now)
    }

    /// The password was not taken: a socket without a session is of no use.
    func giveUpSigningIn(now: Duration) {
        guard !session.isOnline, finalError == nil else { return }
        isWanted = false
        retryAt = nil
        dropLink()
        setState(.idle, now: now)
        pump(now: now)
    }

    /// Resolved when the session is open, or can no longer be.
    func awaitOnline(_ promise: Promise<Void>) {
        if session.isOnline { return promise.resolve(.success(())) }
        if let error = finalError { return promise.resolve(.failure(error)) }
        onlinePromises.append(promise)
    }

    func call(
        _ method: Method, _ params: JSON.Object, _ promise: Promise<JSON>, _ deadline: Duration
    ) {
        if let error = finalError { return promise.resolve(.failure(error)) }
        guard let id = session.call(method, params) else {
            return promise.resolve(.failure(.tooMuchPending))
        }
        calls[id] = (promise, deadline)
        pump(now: EventLoop.now)
    }

    package func join(_ room: Identifier, now: Duration) {
        session.join(room)
        pump(now: now)
    }

    func join(_ room: Identifier, _ promise: Promise<Void>) {
        if let error = finalError { return promise.resolve(.failure(error)) }
        if session.rooms[room]?.isLive == true { return promise.resolve(.success(())) }
        joinPromises[room, default: []].append(promise)
        join(room, now: EventLoop.now)
    }

    func leave(_ room: Identifier) {
        session.leave(room)
        roomEnded(room, code: "left", reason: "left the room")
        pump(now: EventLoop.now)
    }

    /// The ticket names the edit in later changes; nil when too many wait, or the room is not
    /// joined.
    package func edit(_ room: Identifier, _ content: EditContent, now: Duration) -> EditTicket? {
        let ticket = session.edit(room, content, now: now)
        pump(now: now)
        return ticket
    }

    func edit(_ room: Identifier, _ content: EditContent, _ promise: Promise<Void>) {
        if let error = finalError { return promise.resolve(.failure(error)) }
        guard session.rooms[room] != nil else {
            return promise.resolve(.failure(.left(code: "notJoined", "join the room first")))
        }
        let now = EventLoop.now
        guard handleCount < Self.openHandlesMax, let ticket = session.edit(room, content, now: now)
        else { return promise.resolve(.failure(.tooMuchPending)) }
        handles[room, default: [:]][ticket] = promise
        handleCount += 1
        pump(now: now)
    }

    package func touch(_ room: Identifier, _ pointer: String?) {
        session.touch(room, pointer)
        pump(now: EventLoop.now)
    }

    package func close(now: Duration) {
        guard !isClosed else { return }
        isClosed = true
        isWanted = false
        dropLink()
        retryAt = nil
        let rooms = Set(session.rooms.keys).union(handles.keys).union(roomStreams.keys)
        setState(.closed, now: now)
        failAll(.closed)
        for room in rooms {
            finishHandles(of: room, .closed)
            finishStreams(of: room)
        }
        for stream in stateStreams.values { stream.finish() }
        stateStreams = [:]
        onChange = nil
        onState = nil
        driver.remove(token)
    }

    // MARK: - Streams

    func addRoomStream(_ room: Identifier, _ stream: AsyncStream<RoomChange>.Continuation) -> Int? {
        guard !isClosed, session.rooms[room] != nil else {
            stream.finish()
            return nil
        }
        nextStream += 1
        roomStreams[room, default: [:]][nextStream] = stream
        return nextStream
    }

    func removeRoomStream(_ room: Identifier, _ number: Int) {
        roomStreams[room]?[number] = nil
    }

    func addStateStream(_ stream: AsyncStream<ConnectionState>.Continuation) -> Int? {
        stream.yield(state)
        guard !isClosed else {
            stream.finish()
            return nil
        }
        nextStream += 1
        stateStreams[nextStream] = stream
        return nextStream
    }

    func removeStateStream(_ number: Int) { stateStreams[number] = nil }

    // MARK: - The socket

    private func want(now: Duration) {
        isWanted = true
        if link == nil, retryAt == nil { connect(now: now) }
        pump(now: now)
    }

    private func connect(now: Duration) {
        retryAt = nil
        setState(.connecting, now: now)
        connectCount += 1
        link = Link(to: endpoint, on: driver, loop: loop, delegate: self, now: now)
    }

    /// Leaves the present socket to end by itself.
    private func dropLink() {
        guard let old = link else { return }
        forgetLink()
        old.close()
        _ = session.socketClosed(code: 1000, reason: "", now: .zero)
    }

    private func forgetLink() {
        endedReceivedBytes += link?.receivedBytes ?? 0
        endedSentBytes += link?.sentBytes ?? 0
        link = nil
        sessionDeadline = nil
    }

    package func linkOpened(now: Duration) {
        session.socketOpened(now: now)
        sessionDeadline = now + Self.sessionTimeout
        pump(now: now)
    }

    package func linkReceived(_ text: [UInt8], now: Duration) {
        receivedMessages += 1
        session.receive(text, now: now)
        pump(now: now)
    }

    package func linkEnded(_ ending: LinkEnding, now: Duration) {
        forgetLink()
        var (code, reason): (UInt16, String)
        switch ending {
        case .closed(let closeCode, let text): (code, reason) = (closeCode, text)
        case .unreachable(let why): (code, reason) = (1006, why)
        case .refused(let status, let text):
            // What a 4xx minds will not change by itself, but for "too early" and "too many".
            let mayPass = status >= 500 || status == 425 || status == 429 || status == 408
            code = mayPass ? 1006 : 1002
            reason = "HTTP \(status) \(text.prefix { !$0.isNewline })"
        }
        if reason.isEmpty { reason = code == 1006 ? "the connection was lost" : "closed (\(code))" }
        switch session.socketClosed(code: code, reason: reason, now: now) {
        case .reconnect(let at):
            guard isWanted else { return }
            retryAt = at
            setState(.offline(reason: reason, retryIn: at - now), now: now)
        case .stop(let code, let reason):
            isWanted = false
            setState(.stopped(code: Int(code), reason: reason), now: now)
            failAll(.stopped(code: Int(code), reason))
        case .signIn:
            isWanted = false
            needSignIn(WireError(.unauthenticated, reason), now: now)
        }
        pump(now: now)
    }

    package func deadlineReached(now: Duration) {
        if let retryAt, retryAt <= now { connect(now: now) }
        if let sessionDeadline, sessionDeadline <= now, !session.isOnline {
            self.sessionDeadline = nil
            link?.abort("the server did not open a session in time", now: now)
        }
        for (id, call) in calls where call.deadline <= now {
            calls[id] = nil
            session.forget(id)
            call.promise.resolve(.failure(.timedOut))
        }
        session.wake(now: now)
        pump(now: now)
    }

    // MARK: - What the session says

    private func pump(now: Duration) {
        guard !isClosed else { return }
        var outputs = session.takeOutputs()
        while !outputs.isEmpty {
            for output in outputs { handle(output, now: now) }
            outputs = session.takeOutputs()
        }
        for message in session.takeOutgoing() {
            guard let link, link.send(message) else { break }
        }
        guard !isClosed else { return }
        let callDeadline = calls.values.lazy.map(\.deadline).min()
        let deadlines = [retryAt, sessionDeadline, session.nextDeadline, callDeadline]
        driver.setDeadline(deadlines.compactMap(\.self).min(), of: token)
    }

    private func handle(_ output: Session.Output, now: Duration) {
        switch output {
        case .online:
            sessionDeadline = nil
            setState(.online, now: now)
            for promise in onlinePromises { promise.resolve(.success(())) }
            onlinePromises = []
        case .answer(let id, let result):
            let answer = result.mapError { ClientError.refused(ServerError($0)) }
            calls.removeValue(forKey: id)?.promise.resolve(answer)
        case .change(let room, let change): changed(room, change, now: now)
        case .signInNeeded(let error): needSignIn(error, now: now)
        case .abort(let reason): link?.abort(reason, now: now)
        }
    }

    private func changed(_ room: Identifier, _ change: PatternReplica.Change, now: Duration) {
        onChange?(room, change, now)
        switch change {
        case .joined:
            for promise in joinPromises.removeValue(forKey: room) ?? [] {
                promise.resolve(.success(()))
            }
            tell(room, .joined)
        case .delta: tell(room, .document)
        case .members: tell(room, .members)
        case .settled(let ticket):
            resolve(room, ticket, .success(()))
            tell(room, .settled)
        case .refused(let ticket, let error):
            let refusal = ServerError(error)
            resolve(room, ticket, .failure(.refused(refusal)))
            tell(room, .refused(refusal))
        case .left(let code, let reason):
            if session.rooms[room] == nil || ErrorName(rawValue: code)?.isRetryable != true {
                roomEnded(room, code: code, reason: reason)
            }
        }
    }

    private func tell(_ room: Identifier, _ change: RoomChange) {
        guard let streams = roomStreams[room] else { return }
        for stream in streams.values { stream.yield(change) }
    }

    private func resolve(
        _ room: Identifier, _ ticket: EditTicket, _ result: Result<Void, ClientError>
    ) {
        guard let promise = handles[room]?.removeValue(forKey: ticket) else { return }
        handleCount -= 1
        promise.resolve(result)
    }

    private func roomEnded(_ room: Identifier, code: String, reason: String) {
        let error = ClientError.left(code: code, reason)
        for promise in joinPromises.removeValue(forKey: room) ?? [] {
            promise.resolve(.failure(error))
        }
        finishHandles(of: room, error)
        tell(room, .left(code: code, reason: reason))
        finishStreams(of: room)
    }

    private func finishHandles(of room: Identifier, _ error: ClientError) {
        let open = handles.removeValue(forKey: room) ?? [:]
        handleCount -= open.count
        for promise in open.values { promise.resolve(.failure(error)) }
    }

    private func finishStreams(of room: Identifier) {
        for stream in (roomStreams.removeValue(forKey: room) ?? [:]).values { stream.finish() }
    }

    // MARK: - State

    private func needSignIn(_ error: WireError, now: Duration) {
        let refusal = ServerError(error)
        setState(.signInNeeded(refusal), now: now)
        isWanted = false
        dropLink()
        for promise in onlinePromises { promise.resolve(.failure(.refused(refusal))) }
        onlinePromises = []
    }

    /// Everybody who waits for an answer; edits and rooms stay, for another sign-in.
    private func failAll(_ error: ClientError) {
        for (id, call) in calls {
            session.forget(id)
            call.promise.resolve(.failure(error))
        }
        calls = [:]
        for promise in joinPromises.values.joined() { promise.resolve(.failure(error)) }
        joinPromises = [:]
        for promise in onlinePromises { promise.resolve(.failure(error)) }
        onlinePromises = []
    }

    private var finalError: ClientError? {
        switch state {
        case .closed: .closed
        case .stopped(let code, let reason): .stopped(code: code, reason)
        default: nil
        }
    }

    private func setState(_ new: ConnectionState, now: Duration) {
        state = new
        onState?(new, now)
        for stream in stateStreams.values { stream.yield(new) }
    }
}
