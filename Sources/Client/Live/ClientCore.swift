package import Model
package import Replica
import Transport
package import Wire

/// One client on a loop: does what its `Session` decides, and tells who waits. It opens sockets,
/// watches deadlines and keeps promises; it judges nothing. Confined to its loop.
package final class ClientCore: LoopMember {
    /// A server that has accepted the socket and says nothing for this long is not one.
    package static let sessionTimeout: Duration = .seconds(20)

    unowned let driver: LoopDriver
    let loop: ClientLoop
    let endpoint: Endpoint
    private var token: LoopDriver.Token = 0
    package internal(set) var session: Session
    package internal(set) var link: ClientLink?
    var isWanted = false
    /// Whether the socket is there only for calls that need no session.
    private var isVisiting = false
    private var isClosed = false
    var retryAt: Duration?
    var sessionDeadline: Duration?
    var waiting = Waiting()
    package private(set) var state = ConnectionState.idle
    /// Raw hooks for those who live on the loop: every change, before anybody else hears of it.
    package var onChange: ((Identifier, PatternReplica.Change, Duration) -> Void)?
    package var onStream: ((StreamName, StreamNews, Duration) -> Void)?
    package var onState: ((ConnectionState, Duration) -> Void)?
    /// Sockets that were opened.
    package internal(set) var connectCount = 0
    /// Messages that came, over all sockets.
    package internal(set) var receivedMessages = 0
    var endedReceivedBytes = 0
    var endedSentBytes = 0

    /// Lives until `close`.
    package init(to endpoint: Endpoint, on driver: LoopDriver, loop: ClientLoop) {
        self.endpoint = endpoint
        self.driver = driver
        self.loop = loop
        let seed = RandomBytes.make(8).reduce(0) { $0 << 8 | UInt64($1) }
        session = Session(token: nil, seed: seed)
        self.token = driver.add(self)
    }

    package var receivedBytes: Int { endedReceivedBytes + (link?.receivedBytes ?? 0) }
    package var sentBytes: Int { endedSentBytes + (link?.sentBytes ?? 0) }

    // MARK: - What the app asks

    /// Connects, and comes back after every loss, as the holder of `token` or as a guest.
    package func open(token: String?, now: Duration) {
        isVisiting = false
        session.setToken(token)
        want(now: now)
    }

    /// - Parameter method: one that gives a token to whoever calls.
    func signIn(
        _ method: Method, _ params: JSON.Object, _ promise: Promise<JSON>, deadline: Duration
    ) {
        let now = EventLoop.now
        isVisiting = false
        session.holdOpening()
        dropLink()
        isWanted = true
        call(method, params, promise, deadline)
        want(now: now)
    }

    /// The open socket has this token's session now; the next one will open with it.
    func renewed(token: String) { session.setToken(token) }

    /// The password was not taken, or nobody wants one any more: a socket without a session is of
    /// no use.
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
        waiting.add(online: promise)
    }

    func call(
        _ method: Method, _ params: JSON.Object, _ promise: Promise<JSON>, _ deadline: Duration
    ) {
        if let error = finalError { return promise.resolve(.failure(error)) }
        if case .signInNeeded(let error) = state, method.caller != .anyone {
            return promise.resolve(.failure(.refused(error)))
        }
        guard let id = session.call(method, params) else {
            return promise.resolve(.failure(.tooMuchPending))
        }
        waiting.add(call: id, promise, deadline: deadline)
        let now = EventLoop.now
        if !isWanted, method.caller == .anyone {
            isVisiting = true
            session.holdOpening()
            return want(now: now)
        }
        pump(now: now)
    }

    /// Breaks the socket off, as a network does; the client comes back by itself.
    package func breakOff(now: Duration) {
        link?.abort("broken off", now: now)
    }

    package func join(_ room: Identifier, now: Duration) {
        session.join(room)
        pump(now: now)
    }

    func join(_ room: Identifier, _ promise: Promise<Void>) {
        if let error = finalError { return promise.resolve(.failure(error)) }
        if session.rooms[room]?.isLive == true { return promise.resolve(.success(())) }
        waiting.add(join: room, promise)
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
        guard waiting.hasRoomForHandle, let ticket = session.edit(room, content, now: now)
        else { return promise.resolve(.failure(.tooMuchPending)) }
        waiting.add(edit: ticket, of: room, promise)
        pump(now: now)
    }

    /// Takes back the last edit, or does it again; nil when there is nothing to.
    func reverse(
        _ room: Identifier, isRedo: Bool, _ promise: Promise<Void>
    ) -> PatternReplica.Reversal? {
        guard finalError == nil, waiting.hasRoomForHandle else { return nil }
        let now = EventLoop.now
        let reversal = session.reverse(room, isRedo: isRedo, now: now)
        if let ticket = reversal?.ticket { waiting.add(edit: ticket, of: room, promise) }
        pump(now: now)
        return reversal
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
        setState(.closed, now: now)
        waiting.endAll(.closed)
        onChange = nil
        onStream = nil
        onState = nil
        driver.remove(token)
    }

    // MARK: - Streams

    func addRoomStream(_ room: Identifier, _ stream: AsyncStream<RoomChange>.Continuation) -> Int? {
        guard !isClosed, session.rooms[room] != nil else {
            stream.finish()
            return nil
        }
        return waiting.add(stream, of: room)
    }

    func removeRoomStream(_ room: Identifier, _ number: Int) {
        waiting.removeStream(number, of: room)
    }

    func addStateStream(_ stream: AsyncStream<ConnectionState>.Continuation) -> Int? {
        stream.yield(state)
        guard !isClosed else {
            stream.finish()
            return nil
        }
        return waiting.add(stream)
    }

    func removeStateStream(_ number: Int) { waiting.removeStream(number) }

    func addInboxStream(_ stream: AsyncStream<InboxState>.Continuation) -> Int? {
        guard !isClosed else {
            stream.finish()
            return nil
        }
        if let replica = session.inbox?.replica { stream.yield(InboxState(replica)) }
        return waiting.add(stream)
    }

    func removeInboxStream(_ number: Int) { waiting.removeInboxStream(number) }

    func followInbox() {
        session.followInbox()
        pump(now: EventLoop.now)
    }

    func loadMoreOfInbox() {
        _ = session.listMoreOfInbox()
        pump(now: EventLoop.now)
    }

    func follow(_ name: StreamName) {
        session.follow(name)
        pump(now: EventLoop.now)
    }

    func unfollow(_ name: StreamName) {
        session.unfollow(name)
        pump(now: EventLoop.now)
    }

    private func heard(_ name: StreamName, _ news: StreamNews, now: Duration) {
        onStream?(name, news, now)
        waiting.tell(news, of: name)
        if case .ended = news { waiting.endListeners(of: name) }
    }

    private func tellInbox() {
        if let replica = session.inbox?.replica { waiting.tell(InboxState(replica)) }
    }

    package func deadlineReached(now: Duration) {
        if let retryAt, retryAt <= now { connect(now: now) }
        if let sessionDeadline, sessionDeadline <= now, !session.isOnline {
            self.sessionDeadline = nil
            link?.abort("the server did not open a session in time", now: now)
        }
        for id in waiting.timeOutCalls(now: now) { session.forget(id) }
        session.wake(now: now)
        pump(now: now)
    }

    // MARK: - What the session says

    func pump(now: Duration) {
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
        if isVisiting, !waiting.hasCalls {
            isVisiting = false
            return giveUpSigningIn(now: now)
        }
        let deadlines = [
            retryAt, sessionDeadline, session.nextDeadline, waiting.nextCallDeadline,
        ]
        driver.setDeadline(deadlines.compactMap(\.self).min(), of: token)
    }

    private func handle(_ output: Session.Output, now: Duration) {
        switch output {
        case .online:
            sessionDeadline = nil
            setState(.online, now: now)
            waiting.cameOnline(.success(()))
        case .answer(let id, let result):
            let answer = result.mapError { ClientError.refused(ServerError($0)) }
            waiting.answered(id, answer)
        case .change(let room, let change): changed(room, change, now: now)
        case .stream(let name, let news): heard(name, news, now: now)
        case .inbox: tellInbox()
        case .signInNeeded(let error): needSignIn(error, now: now)
        case .abort(let reason): link?.abort(reason, now: now)
        }
    }

    private func changed(_ room: Identifier, _ change: PatternReplica.Change, now: Duration) {
        onChange?(room, change, now)
        switch change {
        case .joined:
            waiting.joined(room, .success(()))
            waiting.tell(.joined, of: room)
        case .delta: waiting.tell(.document, of: room)
        case .members: waiting.tell(.members, of: room)
        case .playing: waiting.tell(.playing, of: room)
        case .skipped(_, let path): waiting.tell(.skipped(path), of: room)
        case .settled(let ticket):
            waiting.settled(ticket, of: room, .success(()))
            waiting.tell(.settled, of: room)
        case .refused(let ticket, let error):
            let refusal = ServerError(error)
            waiting.settled(ticket, of: room, .failure(.refused(refusal)))
            waiting.tell(.refused(refusal), of: room)
        case .left(let code, let reason):
            if session.rooms[room] == nil || ErrorName(rawValue: code)?.isRetryable != true {
                roomEnded(room, code: code, reason: reason)
            }
        }
    }

    private func roomEnded(_ room: Identifier, code: String, reason: String) {
        let error = ClientError.left(code: code, reason)
        waiting.joined(room, .failure(error))
        waiting.tell(.left(code: code, reason: reason), of: room)
        waiting.end(room, error)
    }

    // MARK: - State

    func needSignIn(_ error: WireError, now: Duration) {
        let refusal = ServerError(error)
        setState(.signInNeeded(refusal), now: now)
        isWanted = false
        dropLink()
        waiting.cameOnline(.failure(.refused(refusal)))
    }

    private var finalError: ClientError? {
        switch state {
        case .closed: .closed
        case .stopped(let code, let reason): .stopped(code: code, reason)
        default: nil
        }
    }

    func setState(_ new: ConnectionState, now: Duration) {
        state = new
        onState?(new, now)
        waiting.tell(new)
    }
}
