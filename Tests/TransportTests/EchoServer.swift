import Glibc
import Transport

/// An actor pinned to a loop that sends back what it reads, the way a shard would drive peers.
actor EchoServer {
    final class Peer {
        let socket: Socket
        var outbox = WriteQueue()
        var armed = false
        var ended = false

        init(_ socket: Socket) { self.socket = socket }
    }

    /// What tests look at from outside.
    struct Tally: Sendable {
        var accepted = 0
        var ended = 0
        var resets = 0
        var bytes = 0
        /// The most plain bytes that one drain gave.
        var drainedBytesMax = 0
        var armings = 0
        var disarmings = 0
        var pauses = 0
        var blockedBytesMax = 0
        var failures: [SystemError] = []
    }

    static let listenerToken: UInt64 = 0

    let loop: EventLoop
    let listener: Listener
    let tally = Box(Tally())
    /// Bytes of one drain.
    var drainBytesMax = Socket.readBytesPerRoundMax
    /// Closes a peer in the orderly way once so many bytes came in all and went back.
    var endsAfterBytes: Int?
    /// Of accepted sockets; nil leaves the kernel's own.
    var sendBufferBytes: Int32?
    /// Past this, a peer is read no further until it reads itself.
    var outboxBytesMax = 1 << 20
    private var peers: [UInt64: Peer] = [:]
    private var nextToken: UInt64 = 1
    private var buffer = [UInt8](repeating: 0, count: Socket.readBufferBytes)

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    init(loop: EventLoop, listener: Listener) {
        self.loop = loop
        self.listener = listener
    }

    nonisolated func start() {
        loop.start { [self] batch in assumeIsolated { $0.turn(batch) } }
        loop.execute { [self] in
            assumeIsolated { server in
                try? server.loop.watch(fd: server.listener.fd, token: Self.listenerToken)
            }
        }
    }

    func configure(
        drainBytesMax: Int? = nil, sendBufferBytes: Int32? = nil, endsAfterBytes: Int? = nil
    ) {
        self.endsAfterBytes = endsAfterBytes
        self.drainBytesMax = drainBytesMax ?? self.drainBytesMax
        self.sendBufferBytes = sendBufferBytes
    }

    func stop() {
        for peer in peers.values { loop.close(peer.socket) }
        peers = [:]
        loop.unwatch(fd: listener.fd)
        listener.close()
    }

    private func turn(_ batch: [Readiness]) {
        for event in batch {
            if event.token == Self.listenerToken {
                accept()
            } else if let peer = peers[event.token] {
                serve(event, peer)
            }
        }
    }

    private func accept() {
        let result = listener.accept(on: loop, now: EventLoop.now) { socket in
            let token = nextToken
            nextToken += 1
            peers[token] = Peer(socket)
            if var size = sendBufferBytes {
                _ = unsafe setsockopt(socket.fd, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(4))
            }
            try? loop.watch(socket, token: token)
            tally.update { $0.accepted += 1 }
        }
        if case .paused = result { tally.update { $0.pauses += 1 } }
    }

    private func serve(_ event: Readiness, _ peer: Peer) {
        if event.readable || event.hangup, !peer.ended {
            var count = 0
            let result = peer.socket.drain(through: &buffer, bytesMax: drainBytesMax) { bytes in
                count += bytes.count
                var chunk: [UInt8] = []
                chunk.reserveCapacity(bytes.count)
                for index in bytes.indices { chunk.append(bytes[index]) }
                peer.outbox.append(chunk)
                return peer.outbox.byteCount < outboxBytesMax
            }
            tally.update {
                $0.bytes += count
                $0.drainedBytesMax = max($0.drainedBytesMax, count)
            }
            switch result {
            case .drained, .limited: break
            case .eof:
                peer.ended = true
                loop.setReadInterest(fd: peer.socket.fd, false)
            case .failed(let error):
                tally.update {
                    $0.resets += 1
                    $0.failures.append(error)
                }
                end(event.token, peer)
                return
            }
        }
        flush(event.token, peer)
    }

    private func flush(_ token: UInt64, _ peer: Peer) {
        switch peer.outbox.flush(to: peer.socket) {
        case .emptied:
            if peer.armed {
                peer.armed = false
                loop.setWriteInterest(fd: peer.socket.fd, false)
                tally.update { $0.disarmings += 1 }
            }
            if let most = endsAfterBytes, tally.value.bytes >= most {
                peers[token] = nil
                loop.closeLingering(peer.socket, until: EventLoop.now + .seconds(5))
                tally.update { $0.ended += 1 }
            } else if peer.ended {
                end(token, peer)
            } else {
                loop.setReadInterest(fd: peer.socket.fd, true)
            }
        case .blocked:
            let waiting = peer.outbox.byteCount
            if waiting >= outboxBytesMax { loop.setReadInterest(fd: peer.socket.fd, false) }
            if !peer.armed {
                peer.armed = true
                loop.setWriteInterest(fd: peer.socket.fd, true)
                tally.update { $0.armings += 1 }
            }
            tally.update { $0.blockedBytesMax = max($0.blockedBytesMax, waiting) }
        case .failed:
            tally.update { $0.resets += 1 }
            end(token, peer)
        }
    }

    private func end(_ token: UInt64, _ peer: Peer) {
        peers[token] = nil
        loop.close(peer.socket)
        tally.update { $0.ended += 1 }
    }
}
