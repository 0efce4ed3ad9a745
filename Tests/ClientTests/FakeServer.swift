import CRDT
import HTTP
import Model
import Rooms
import TestSupport
import Transport
import WebSocket
import Wire

/// A server of one room in this process: real sockets, the real room, a disk in memory, and the
/// misbehaviour that a test asks for.
actor FakeServer {
    /// What tests look at and set.
    struct Control: Sendable {
        /// Commits wait until it is false again.
        var holdsCommits = false
        /// Edits are read and thrown away, as if the process died before it took them.
        var swallowsEdits = false
        /// Likes are read and not answered, as if the answer was lost.
        var answersNoLikes = false
        /// Sockets get no hello.
        var isMute = false
        /// The answer to the upgrade, instead of 101.
        var refusesWith: Int?
        /// The next sockets are closed with this, after a bye.
        var closesNextWith: UInt16?
    }

    struct Counts: Sendable {
        var sockets = 0
        var sessions = 0
        var signIns = 0
        var edits = 0
        var joins = 0
        var heartbeats = 0
        var open = 0
        var touching: [String?] = []
        /// The `opId` of each like that came.
        var likes: [String] = []
    }

    static let token = "the-token"
    static let password = "the-password"
    private static let listenerToken: UInt64 = 0

    private final class Peer {
        let socket: Socket
        var parser = RequestParser()
        var connection: WebSocket.Connection?
        var queue = WriteQueue()
        var member: MemberNumber?
        var user: Model.Role?

        init(_ socket: Socket) { self.socket = socket }
    }

    nonisolated let loop: EventLoop
    private var listener: Listener
    private var peers: [UInt64: Peer] = [:]
    private var nextToken: UInt64 = 1
    private var buffer = [UInt8](repeating: 0, count: Socket.readBufferBytes)
    private var world: TestRoom
    private(set) var counts = Counts()
    private var control = Control()
    nonisolated let port: UInt16

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    nonisolated var url: String { "ws://127.0.0.1:\(port)" }

    init() throws {
        loop = try EventLoop(label: "fake-server")
        listener = try Listener.bind(host: "127.0.0.1", port: 0)
        port = listener.port
        world = try TestRoom()
    }

    func start() throws {
        loop.start { [weak self] batch in self?.assumeIsolated { $0.turn(batch) } }
        try loop.watch(fd: listener.fd, token: Self.listenerToken)
    }

    func stop() async {
        dropAll()
        closeListener()
        await withCheckedContinuation { continuation in loop.stop { continuation.resume() } }
    }

    // MARK: - What a test does

    func set(_ change: @Sendable (inout Control) -> Void) {
        change(&control)
        settle()
    }

    var head: Int64 { world.disk.number }
    var document: JSON { world.room.committed.view(catalogue: Fixture.catalogue) }
    /// Every accepted edit, as it is in the log.
    var records: [LogRecord] { world.disk.records }

    /// As a lost network would: no Close.
    func dropAll() {
        for (token, peer) in peers { end(token, peer) }
    }

    /// The process is killed: what was not committed is gone, the sockets and the port too.
    func crash() throws {
        dropAll()
        closeListener()
        world = try TestRoom(disk: world.disk)
    }

    /// The process is there again.
    func restart() throws {
        listener = try Listener.bind(host: "127.0.0.1", port: port)
        try loop.watch(fd: listener.fd, token: Self.listenerToken)
    }

    func closeListener() {
        loop.unwatch(fd: listener.fd)
        listener.close()
    }

    /// Somebody else edits.
    func editByOther(_ set: JSON.Object) throws {
        let joined = try world.join()
        _ = world.edit(joined, seq: 1, base: world.disk.number, set: set)
        settle()
    }

    /// Says bye and closes every socket.
    func closeAll(code: UInt16, retryAfterMs: Int64? = nil) {
        for peer in peers.values { bye(peer, code: code, retryAfterMs: retryAfterMs) }
        flushAll()
    }

    // MARK: - Turns

    private func turn(_ batch: [Readiness]) {
        for readiness in batch {
            if readiness.token == Self.listenerToken {
                accept()
            } else if let peer = peers[readiness.token] {
                serve(readiness, peer)
            }
        }
        settle()
    }

    private func accept() {
        _ = listener.accept(on: loop, now: EventLoop.now) { socket in
            let token = nextToken
            nextToken += 1
            peers[token] = Peer(socket)
            counts.sockets += 1
            counts.open += 1
            try? loop.watch(fd: socket.fd, token: token)
        }
    }

    private func serve(_ readiness: Readiness, _ peer: Peer) {
        var input: [UInt8] = []
        let result = peer.socket.drain(through: &buffer) { bytes in
            for index in bytes.indices { input.append(bytes[index]) }
            return true
        }
        if peer.connection == nil {
            peer.parser.receive(input.span)
            upgrade(peer)
        } else {
            peer.connection?.receive(input.span, now: EventLoop.now)
        }
        while let event = peer.connection?.nextEvent() {
            if case .text(let text) = event { receive(text, peer) }
        }
        switch result {
        case .drained, .limited: break
        case .eof, .failed: end(readiness.token, peer)
        }
    }

    private func upgrade(_ peer: Peer) {
        guard let request = (try? peer.parser.next()) ?? nil else { return }
        if let status = control.refusesWith {
            let response = Response(status: Status(status, "No"), text: "not today")
            peer.queue.append(response.serialised(keepAlive: false))
            return
        }
        let outcome = ServerHandshake.respond(
            to: request.head, subprotocols: ["salsanor.v1.json"])
        guard case .accepted(let response, _, _) = outcome else { return }
        peer.queue.append(response)
        peer.connection = WebSocket.Connection(role: .server, now: EventLoop.now)
        if let code = control.closesNextWith {
            bye(peer, code: code, retryAfterMs: nil)
            return
        }
        guard !control.isMute else { return }
        notify(
            peer, "hello",
            ["timeMs": .integer(EventLoop.wallClockMs), "heartbeatSeconds": 1, "protocol": 1])
    }

    /// Commits, delivers, and writes what is queued.
    private func settle() {
        world.now = EventLoop.now
        world.room.wake(at: world.moment)
        if !control.holdsCommits { try? world.commit() }
        world.collect()
        flushAll()
        if let deadline = world.room.nextDeadline { loop.wake(at: deadline) }
    }

    private func flushAll() {
        for (token, peer) in peers {
            if let member = peer.member {
                for bytes in world.takeMail(of: member) { _ = peer.connection?.send(text: bytes) }
            }
            if var connection = peer.connection.take() {
                while !connection.outbox.isEmpty {
                    peer.queue.append(
                        Array(connection.outbox.chunk(0)[connection.outbox.firstOffset...]))
                    let count = connection.outbox.chunk(0).count - connection.outbox.firstOffset
                    connection.consumeOutput(bytes: count)
                }
                peer.connection = consume connection
            }
            if case .failed = peer.queue.flush(to: peer.socket) { end(token, peer) }
        }
    }

    private func end(_ token: UInt64, _ peer: Peer) {
        guard peers.removeValue(forKey: token) != nil else { return }
        if let member = peer.member { world.room.leave(member, now: EventLoop.now) }
        loop.close(peer.socket)
        counts.open -= 1
    }

    // MARK: - The protocol

    private func notify(_ peer: Peer, _ method: String, _ params: JSON.Object) {
        _ = peer.connection?.send(
            text: ServerMessage.notification(method: method, params: params).bytes)
    }

    private func bye(_ peer: Peer, code: UInt16, retryAfterMs: Int64?) {
        var params: JSON.Object = ["code": .integer(Int64(code)), "reason": "a reason"]
        if let retryAfterMs { params["retryAfterMs"] = .integer(retryAfterMs) }
        notify(peer, "bye", params)
        peer.connection?.close(
            code: WebSocket.CloseCode(rawValue: code), reason: "a reason", now: EventLoop.now)
    }

    private func receive(_ text: [UInt8], _ peer: Peer) {
        guard case .single(.success(let request))? = try? IncomingMessage(bytes: text) else {
            return
        }
        let result: Result<JSON, WireError>
        do throws(WireError) {
            result = .success(try answer(request, peer))
        } catch {
            result = .failure(error)
        }
        guard let id = request.id else { return }
        if request.method == Wire.Method.patternLike.rawValue, control.answersNoLikes { return }
        let message: ServerMessage =
            switch result {
            case .success(let json): .result(id, json)
            case .failure(let error): .failure(id, error)
            }
        _ = peer.connection?.send(text: message.bytes)
        // `joined` events follow the answer that opened the session.
        if request.method == Wire.Method.sessionOpen.rawValue, case .success = result {
            for resume in request.params["resume"]?.array ?? [] {
                guard let params = resume.object, let joined = try? join(params, peer) else {
                    continue
                }
                let event = Event(stream: .room(Fixture.room), kind: .joined, data: joined)
                _ = peer.connection?.send(text: event.bytes)
            }
        }
    }

    private func answer(_ request: Wire.Request, _ peer: Peer) throws(WireError) -> JSON {
        switch Wire.Method(rawValue: request.method) {
        case .sessionOpen:
            counts.sessions += 1
            switch request.params["token"]?.string {
            case nil: peer.user = .guest
            case Self.token: peer.user = .owner
            default: throw WireError(.unauthenticated, "the token is not valid")
            }
            return ["user": .null, "timeMs": .integer(EventLoop.wallClockMs)]
        case .accountSignIn:
            counts.signIns += 1
            guard request.params["password"]?.string == Self.password else {
                throw WireError(.unauthenticated, "no account with this address and password")
            }
            return [
                "token": .string(Self.token), "expiresMs": 1, "user": ["displayName": "Ana"],
            ]
        case .patternLike:
            counts.likes.append(request.params["opId"]?.string ?? "none")
            return ["isLiked": true, "likeCount": 1]
        // Another shape than the protocol's.
        case .patternGet: return [:]
        case .heartbeat:
            counts.heartbeats += 1
            return ["timeMs": .integer(EventLoop.wallClockMs)]
        case .roomJoin: return try join(request.params, peer)
        case .roomEdit:
            counts.edits += 1
            guard !control.swallowsEdits, let member = peer.member else { return [:] }
            _ = world.room.edit(
                try EditRequest(request.params), from: member, call: nil, at: world.moment)
            return [:]
        case .roomPresence:
            counts.touching.append(request.params["touching"]?.string)
            return [:]
        case .roomLeave:
            if let member = peer.member { world.room.leave(member, now: EventLoop.now) }
            peer.member = nil
            return [:]
        default:
            throw WireError(.methodNotFound, "not here")
        }
    }

    private func join(_ params: JSON.Object, _ peer: Peer) throws(WireError) -> JSON {
        counts.joins += 1
        let request = try JoinRequest(params)
        guard request.room == Fixture.room else {
            throw WireError(.notFound, "no such pattern")
        }
        let outcome = world.room.join(
            request, as: Fixture.person(peer.user ?? .guest),
            freshReplica: ReplicaID(rawValue: UInt64.random(in: 1...UInt64.max)), at: world.moment)
        switch outcome {
        case .joined(let member, let result):
            peer.member = member
            return result.json
        case .refused(let error): throw error
        }
    }
}
