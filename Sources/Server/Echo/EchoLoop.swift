import HTTP
import Logging
import Model
import Transport
import WebSocket

/// The engine alone: every path upgrades, and each message comes back with its type. One event loop
/// of `EchoServer`.
///
/// A turn reads what is there, echoes all of it, and writes once to each peer. Who does not read
/// what comes back is not read either.
actor EchoLoop: ConnectionHost {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // SAFETY: the loop is kept by this actor's own `let`.
        unsafe loop.asUnownedSerialExecutor()
    }

    nonisolated let log: Logger
    nonisolated let admission: Admission
    nonisolated let index = 0
    let table = ConnectionTable<Link>()
    private(set) var now = EventLoop.now
    /// Set by a stop: told once, when the last connection is closed.
    private var stopCompletion: (@Sendable () -> Void)?
    private var stopDeadline: Duration?

    var isStopping: Bool { stopDeadline != nil }

    init(admission: Admission, log: Logger) throws(SystemError) {
        self.admission = admission
        self.log = log
        loop = try EventLoop(label: "echo")
    }

    func start(listeners: [Listener]) throws {
        for listener in listeners { try listen(on: listener) }
        loop.start { [self] ready in assumeIsolated(with: ready) { $0.turn($1) } }
    }

    private func turn(_ ready: [Readiness]) {
        now = EventLoop.now
        serve(ready)
        reachDeadlines()
        flushPeers()
        if isStopping { progressStopping() }
        // Writing made room for the answers to requests that waited for it.
        if !table.dirtyPeers.isEmpty { loop.wake(at: now) }
        if let earliest = table.timers.earliest() { loop.wake(at: earliest) }
    }

    // MARK: - Connections

    static let socketLimits = ConnectionLimits(
        frameBytesMax: Limits.echoMessageBytesMax, messageBytesMax: Limits.echoMessageBytesMax,
        fragmentsMax: Limits.echoMessageBytesMax, outboxSoftMarkBytes: Limits.echoOutboxSoftBytes,
        outboxHardMarkBytes: Limits.echoOutboxHardBytes,
        pingInterval: .seconds(Limits.echoPingIntervalSeconds),
        pongTimeout: .seconds(Limits.pongTimeoutSeconds),
        closeTimeout: .seconds(Limits.closeSeconds))

    func place(_ arrival: Arrival) { adopt(arrival) }

    func receive(_ request: HTTP.Request, from peer: Link) {
        let outcome = ServerHandshake.respond(
            to: request.head, subprotocols: [], compression: .standard)
        switch outcome {
        case .accepted(let response, _, let messageExtension):
            upgrade(
                peer, response: response, limits: Self.socketLimits,
                messageExtension: messageExtension)
        case .rejected(let response): respond(peer, response, to: request.head)
        }
    }

    func receive(_ event: Event, from peer: Link) {
        guard let web = peer.web else { return }
        let outcome: SendOutcome
        switch event {
        case .text(let text): outcome = web.connection.send(text: text)
        case .binary(let bytes): outcome = web.connection.send(binary: bytes)
        case .ping, .pong, .violation, .closed: return
        }
        if case .overflow = outcome {
            web.connection.discardUnsentOutput()
            web.connection.close(
                code: .policyViolation, reason: "read what comes back", now: now)
        }
    }

    /// What waits to be written stands for what was read: nothing more is read until it has left.
    func didWrite(to peer: Link, _ output: FlushedOutput) {
        if peer.areReadsHeld {
            if output.isEmpty { holdReads(of: peer, false) }
        } else if output.isAboveSoftMark {
            holdReads(of: peer, true)
        }
    }

    func didEnd(_ peer: Link) {}

    // MARK: - Stopping

    /// - Parameter completion: called once, on this loop, when all connections are closed.
    func stop(completion: @escaping @Sendable () -> Void) {
        guard !isStopping else { return }
        closeListeners()
        now = EventLoop.now
        stopDeadline = now + .seconds(Limits.closeSeconds)
        stopCompletion = completion
        for peer in table.peers.all {
            switch peer.phase {
            case .http: close(peer)
            case .webSocket(let web):
                holdReads(of: peer, false)
                web.connection.close(code: .goingAway, reason: "the server stops", now: now)
                markDirty(peer)
            }
        }
        flushPeers()
        progressStopping()
    }

    private func progressStopping() {
        guard let completion = stopCompletion, let deadline = stopDeadline else { return }
        if now >= deadline { for peer in table.peers.all { close(peer) } }
        guard table.peers.isEmpty else {
            loop.wake(at: deadline)
            return
        }
        stopCompletion = nil
        completion()
    }
}
