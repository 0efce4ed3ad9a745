import HTTP
package import Transport
import WebSocket
import Wire

/// One WebSocket to a server: name, TCP, upgrade, frames. It decides nothing about the protocol
/// that is spoken over it. Confined to its loop.
package final class ClientLink: LoopMember {
    /// From the first system call to the 101.
    package static let handshakeTimeout: Duration = .seconds(10)
    /// A document of a room is some tens of kilobytes.
    package static let receivedMessageBytesMax = 16 << 20

    enum Phase { case resolving, connecting, upgrading, open, ended }

    unowned let driver: LoopDriver
    let endpoint: Endpoint
    weak var delegate: (any LinkDelegate)?
    var token: LoopDriver.Token = 0
    var phase = Phase.resolving
    var socket: Socket?
    var addresses: ArraySlice<SocketAddress> = []
    var lastFailure = "no answer in time"
    var handshakeDeadline: Duration
    let handshake: ClientHandshake
    var parser = ResponseParser()
    var upgradeRequest = WriteQueue()
    var connection: Connection
    private var writeArmed = false
    private var isDirty = false
    private var told = false
    /// All that came and went since the link was made, TCP payload.
    package internal(set) var receivedBytes = 0
    package private(set) var sentBytes = 0

    /// Begins to connect. The link lives until it has ended, whoever else keeps it.
    package init(
        to endpoint: Endpoint, on driver: LoopDriver, loop: ClientLoop,
        delegate: any LinkDelegate, now: Duration
    ) {
        self.driver = driver
        self.endpoint = endpoint
        self.delegate = delegate
        handshakeDeadline = now + Self.handshakeTimeout
        handshake = ClientHandshake(
            host: endpoint.authority, target: endpoint.target, subprotocols: [Subprotocol.name],
            keyBytes: RandomBytes.make(16))
        connection = Self.freshConnection(now: now)
        token = driver.add(self)
        driver.setDeadline(handshakeDeadline, of: token)
        if let numeric = SocketAddress(host: endpoint.host, port: endpoint.port) {
            addresses = [numeric]
            connectNext(now: now)
        } else {
            resolve(through: loop)
        }
    }

    static func freshConnection(now: Duration) -> Connection {
        Connection(
            role: .client(maskSeed: .random(in: 0 ... .max)),
            limits: ConnectionLimits(
                frameBytesMax: receivedMessageBytesMax, messageBytesMax: receivedMessageBytesMax),
            now: now)
    }

    // MARK: - What its owner does

    /// False when it is not open, or so much waits to be written that it was given up: the owner
    /// hears of the end, connects again and sends again.
    package func send(_ text: [UInt8]) -> Bool {
        guard phase == .open else { return false }
        switch connection.send(text: text) {
        case .queued:
            markDirty()
            return true
        case .overflow:
            connection.discardUnsentOutput()
            connection.close(code: .goingAway, now: EventLoop.now)
            markDirty()
            return false
        case .notOpen: return false
        }
    }

    /// Says goodbye and ends by itself within the close timeout; the delegate hears nothing more.
    package func close() {
        delegate = nil
        switch phase {
        case .open:
            connection.close(code: .normal, now: EventLoop.now)
            markDirty()
        case .resolving, .connecting, .upgrading: end(.closed(code: 1000, reason: ""), now: .zero)
        case .ended: break
        }
    }

    /// Ends at once, as a lost network would; the delegate hears of it.
    package func abort(_ reason: String, now: Duration) {
        end(.closed(code: 1006, reason: reason), now: now)
    }

    // MARK: - LoopMember

    package func ready(_ readiness: Readiness, now: Duration) {
        guard let socket else { return }
        switch phase {
        case .connecting: connectionAttemptEnded(socket, now: now)
        case .upgrading:
            if readiness.writable { flushUpgrade(socket, now: now) }
            if readiness.readable || readiness.hangup { readUpgrade(socket, now: now) }
        case .open:
            if readiness.readable || readiness.hangup { read(socket, now: now) }
            if readiness.writable { markDirty() }
        case .resolving, .ended: break
        }
    }

    package func deadlineReached(now: Duration) {
        switch phase {
        case .resolving, .connecting, .upgrading:
            if now >= handshakeDeadline { end(.unreachable(lastFailure), now: now) }
        case .open:
            connection.deadlineReached(now: now)
            driver.setDeadline(connection.nextDeadline, of: token)
            tellEvents(now: now)
            markDirty()
        case .ended: break
        }
    }

    package func flush(now: Duration) {
        isDirty = false
        guard phase == .open, let socket else { return }
        defer { connection.giveBack(to: &driver.spareBuffers) }
        while !connection.outbox.isEmpty {
            let result = socket.write(
                connection.outbox.firstChunks(Socket.chunksPerWriteMax),
                firstOffset: connection.outbox.firstOffset)
            switch result {
            case .wrote(let count):
                sentBytes += count
                connection.consumeOutput(bytes: count, keepsMemory: true)
            case .wouldBlock:
                arm(true, socket)
                return
            case .failed(let error):
                end(.closed(code: 1006, reason: "\(error)"), now: now)
                return
            }
        }
        arm(false, socket)
        obeyTransport(socket, now: now)
    }

    // MARK: - Open

    private func read(_ socket: Socket, now: Duration) {
        let result = socket.drain(through: &driver.readBuffer) { bytes in
            receivedBytes += bytes.count
            receive(bytes, now: now)
            return phase == .open
        }
        switch result {
        case .drained, .limited: break
        case .eof, .failed:
            connection.eof()
            tellEvents(now: now)
        }
        // Pongs and the answer to a Close leave at the end of the turn.
        if phase == .open, !connection.outbox.isEmpty || connection.transportAction != .keepOpen {
            markDirty()
        }
    }

    /// One message at a time: what the delegate makes of one is done before the next is read.
    func receive(_ bytes: borrowing Span<UInt8>, now: Duration) {
        var offset = 0
        var next = connection.nextEvent(
            of: bytes, from: &offset, now: now, lentBy: &driver.spareBuffers)
        while phase == .open, let event = next.take() {
            tell(event, now: now)
            next = connection.nextEvent(
                of: bytes, from: &offset, now: now, lentBy: &driver.spareBuffers,
                recycling: consume event)
        }
        connection.giveBack(to: &driver.spareBuffers)
    }

    /// What happened without anything read.
    private func tellEvents(now: Duration) {
        while phase == .open, let event = connection.nextEvent() { tell(event, now: now) }
    }

    private func tell(_ event: WebSocket.Event, now: Duration) {
        switch event {
        case .text(let text): delegate?.linkReceived(text, now: now)
        case .closed(let code, let reason, _):
            tell(.closed(code: code.rawValue, reason: reason), now: now)
            driver.setDeadline(connection.nextDeadline, of: token)
            markDirty()
        case .binary, .ping, .pong, .violation: break
        }
    }

    private func obeyTransport(_ socket: Socket, now: Duration) {
        switch connection.transportAction {
        case .keepOpen:
            // After `close()` the peer has a bounded time to answer.
            if !connection.isOpen { driver.setDeadline(connection.nextDeadline, of: token) }
        case .awaitPeerClose: driver.setDeadline(connection.nextDeadline, of: token)
        case .closeWhenFlushed:
            driver.eventLoop.closeLingering(socket, until: now + .seconds(1))
            self.socket = nil
            end(.closed(code: 1006, reason: ""), now: now)
        case .closeNow: end(.closed(code: 1006, reason: ""), now: now)
        }
    }

    // MARK: - The end

    func end(_ ending: LinkEnding, now: Duration) {
        guard phase != .ended else { return }
        phase = .ended
        dropSocket()
        driver.remove(token)
        tell(ending, now: now)
    }

    private func tell(_ ending: LinkEnding, now: Duration) {
        guard !told else { return }
        told = true
        delegate?.linkEnded(ending, now: now)
        delegate = nil
    }

    func dropSocket() {
        if let socket { driver.eventLoop.close(socket) }
        socket = nil
        writeArmed = false
    }

    private func markDirty() {
        guard !isDirty, phase == .open else { return }
        isDirty = true
        driver.flushSoon(self)
    }

    func arm(_ armed: Bool, _ socket: Socket) {
        guard writeArmed != armed else { return }
        writeArmed = armed
        driver.eventLoop.setWriteInterest(fd: socket.fd, armed)
    }
}
