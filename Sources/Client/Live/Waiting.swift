import Model
import Replica
import Wire

/// Who waits for what on one client: the promises of calls, joins, sessions and edits, and the
/// streams. It decides nothing; each is resolved once, and streams are finished once.
struct Waiting {
    /// Edits whose handles are not resolved.
    static let openHandlesMax = 65_536

    private var calls: [Session.CallID: (promise: Promise<JSON>, deadline: Duration)] = [:]
    private var handles: [Identifier: [EditTicket: Promise<Void>]] = [:]
    private var handleCount = 0
    private var joins: [Identifier: [Promise<Void>]] = [:]
    private var online: [Promise<Void>] = []
    private var roomStreams: [Identifier: [Int: AsyncStream<RoomChange>.Continuation]] = [:]
    private var stateStreams: [Int: AsyncStream<ConnectionState>.Continuation] = [:]
    private var inboxStreams: [Int: AsyncStream<InboxState>.Continuation] = [:]
    private var listeners: [StreamName: [Int: StreamListener]] = [:]
    private var nextStream = 0

    // MARK: - Promises

    var hasRoomForHandle: Bool { handleCount < Self.openHandlesMax }
    var hasCalls: Bool { !calls.isEmpty }
    var nextCallDeadline: Duration? { calls.values.lazy.map(\.deadline).min() }

    mutating func add(call id: Session.CallID, _ promise: Promise<JSON>, deadline: Duration) {
        calls[id] = (promise, deadline)
    }

    mutating func add(
        edit ticket: EditTicket, of room: Identifier, _ promise: Promise<Void>
    ) {
        handles[room, default: [:]][ticket] = promise
        handleCount += 1
    }

    mutating func add(join room: Identifier, _ promise: Promise<Void>) {
        joins[room, default: []].append(promise)
    }

    mutating func add(online promise: Promise<Void>) { online.append(promise) }

    mutating func answered(_ id: Session.CallID, _ result: Result<JSON, ClientError>) {
        calls.removeValue(forKey: id)?.promise.resolve(result)
    }

    /// The calls that have waited too long; they are resolved.
    mutating func timeOutCalls(now: Duration) -> [Session.CallID] {
        let late = calls.filter { $0.value.deadline <= now }.keys
        for id in late { answered(id, .failure(.timedOut)) }
        return Array(late)
    }

    mutating func cameOnline(_ result: Result<Void, ClientError>) {
        for promise in online { promise.resolve(result) }
        online = []
    }

    mutating func joined(_ room: Identifier, _ result: Result<Void, ClientError>) {
        for promise in joins.removeValue(forKey: room) ?? [] { promise.resolve(result) }
    }

    mutating func settled(
        _ ticket: EditTicket, of room: Identifier, _ result: Result<Void, ClientError>
    ) {
        guard let promise = handles[room]?.removeValue(forKey: ticket) else { return }
        handleCount -= 1
        promise.resolve(result)
    }

    /// Everybody who waits for an answer; edits and rooms stay, for another sign-in.
    /// - Returns: the calls among them.
    mutating func failAnswers(_ error: ClientError) -> [Session.CallID] {
        let ids = Array(calls.keys)
        for id in ids { answered(id, .failure(error)) }
        for room in Array(joins.keys) { joined(room, .failure(error)) }
        cameOnline(.failure(error))
        return ids
    }

    // MARK: - Streams

    mutating func add(_ stream: AsyncStream<RoomChange>.Continuation, of room: Identifier) -> Int {
        nextStream += 1
        roomStreams[room, default: [:]][nextStream] = stream
        return nextStream
    }

    mutating func add(_ stream: AsyncStream<ConnectionState>.Continuation) -> Int {
        nextStream += 1
        stateStreams[nextStream] = stream
        return nextStream
    }

    mutating func add(_ stream: AsyncStream<InboxState>.Continuation) -> Int {
        nextStream += 1
        inboxStreams[nextStream] = stream
        return nextStream
    }

    mutating func removeInboxStream(_ number: Int) { inboxStreams[number] = nil }

    func tell(_ state: InboxState) {
        for stream in inboxStreams.values { stream.yield(state) }
    }

    mutating func add(_ listener: StreamListener, to name: StreamName) -> Int {
        nextStream += 1
        listeners[name, default: [:]][nextStream] = listener
        return nextStream
    }

    /// - Returns: whether it was the last of this stream.
    mutating func removeListener(_ number: Int, of name: StreamName) -> Bool {
        guard listeners[name]?.removeValue(forKey: number) != nil else { return false }
        guard listeners[name]?.isEmpty == true else { return false }
        listeners[name] = nil
        return true
    }

    func tell(_ news: StreamNews, of name: StreamName) {
        for listener in (listeners[name] ?? [:]).values { listener.hear(news) }
    }

    /// The stream is not followed any more.
    mutating func endListeners(of name: StreamName) {
        for listener in (listeners.removeValue(forKey: name) ?? [:]).values { listener.finish() }
    }

    mutating func removeStream(_ number: Int, of room: Identifier) {
        roomStreams[room]?[number] = nil
    }

    mutating func removeStream(_ number: Int) { stateStreams[number] = nil }

    func tell(_ change: RoomChange, of room: Identifier) {
        for stream in (roomStreams[room] ?? [:]).values { stream.yield(change) }
    }

    func tell(_ state: ConnectionState) {
        for stream in stateStreams.values { stream.yield(state) }
    }

    // MARK: - The end

    /// The room is gone: its handles fail with `error`, its streams end.
    mutating func end(_ room: Identifier, _ error: ClientError) {
        let open = handles.removeValue(forKey: room) ?? [:]
        handleCount -= open.count
        for promise in open.values { promise.resolve(.failure(error)) }
        for stream in (roomStreams.removeValue(forKey: room) ?? [:]).values { stream.finish() }
    }

    /// The client is closed: nothing is left waiting.
    mutating func endAll(_ error: ClientError) {
        _ = failAnswers(error)
        for room in Set(handles.keys).union(roomStreams.keys) { end(room, error) }
        for stream in stateStreams.values { stream.finish() }
        stateStreams = [:]
        for stream in inboxStreams.values { stream.finish() }
        inboxStreams = [:]
        for name in Array(listeners.keys) { endListeners(of: name) }
    }
}
