import Model
import WebSocket

/// A TCP connection that delays, splits, fills up and breaks, and the WebSocket at its two ends.
final class SimulatedLink {
    private struct Piece {
        let bytes: [UInt8]
        let arrivesAt: Duration
    }

    /// One direction.
    struct Pipe {
        private var pieces: [Piece] = []
        private(set) var byteCount = 0

        fileprivate mutating func append(_ bytes: [UInt8], arrivesAt: Duration) {
            // Nothing overtakes on one connection.
            let time = max(arrivesAt, pieces.last?.arrivesAt ?? .zero)
            pieces.append(Piece(bytes: bytes, arrivesAt: time))
            byteCount += bytes.count
        }

        fileprivate mutating func take(now: Duration) -> [[UInt8]] {
            let count = pieces.prefix { $0.arrivesAt <= now }.count
            defer { pieces.removeFirst(count) }
            let taken = pieces.prefix(count).map(\.bytes)
            byteCount -= taken.reduce(0) { $0 + $1.count }
            return taken
        }
    }

    var client: Connection
    var server: Connection
    private(set) var up = Pipe()
    private(set) var down = Pipe()
    var isBroken = false
    /// The client reads nothing before this.
    var slowUntil: Duration = .zero

    /// What the kernels on the way hold before they take no more.
    static let kernelBytesMax = 3_000

    init(seed: UInt64, now: Duration) {
        let limits = ConnectionLimits(outboxSoftMarkBytes: 4_096, outboxHardMarkBytes: 1 << 20)
        client = Connection(
            role: .client(maskSeed: SIMD8(repeating: UInt32(truncatingIfNeeded: seed))),
            limits: limits, now: now)
        server = Connection(role: .server, limits: limits, now: now)
    }

    /// Moves what the outboxes hold into the network.
    func flush(now: Duration, random: inout SplitMix64) {
        Self.flush(&client, into: &up, now: now, random: &random)
        Self.flush(&server, into: &down, now: now, random: &random)
    }

    private static func flush(
        _ connection: inout Connection, into pipe: inout Pipe, now: Duration,
        random: inout SplitMix64
    ) {
        while !connection.outbox.isEmpty, pipe.byteCount < kernelBytesMax {
            let chunk = connection.outbox.chunk(0)[connection.outbox.firstOffset...]
            let count = min(Int.random(in: 1...1_500, using: &random), chunk.count)
            let delay = Duration.milliseconds(Int64.random(in: 0...6, using: &random))
            pipe.append(Array(chunk.prefix(count)), arrivesAt: now + delay)
            connection.consumeOutput(bytes: count)
        }
    }

    /// Delivers what has arrived by now.
    func deliver(now: Duration) {
        for bytes in up.take(now: now) { server.receive(bytes.span, now: now) }
        guard slowUntil <= now else { return }
        for bytes in down.take(now: now) { client.receive(bytes.span, now: now) }
    }
}

extension Connection {
    /// The messages that came, and whether it ended.
    mutating func takeMessages() -> (texts: [[UInt8]], isClosed: Bool) {
        var texts: [[UInt8]] = []
        var isClosed = false
        while let event = nextEvent() {
            switch event {
            case .text(let text): texts.append(text)
            case .closed, .violation: isClosed = true
            case .binary, .ping, .pong: break
            }
        }
        return (texts, isClosed)
    }
}
