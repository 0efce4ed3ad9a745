import WebSocket

/// Either role, for what has two sides.
enum Side: CaseIterable, Sendable {
    case server, client

    var role: Role {
        switch self {
        case .server: .server
        case .client: .client(maskSeed: SIMD8(repeating: 7))
        }
    }

    var other: Side { self == .server ? .client : .server }

    func connection(_ limits: ConnectionLimits = ConnectionLimits()) -> Connection {
        Connection(role: role, limits: limits, now: .zero)
    }

    /// A frame as the peer of this side sends it: masked for a server.
    func incoming(
        _ first: UInt8, _ payload: [UInt8] = [], key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
    ) -> [UInt8] {
        let maskBit: UInt8 = self == .server ? 0x80 : 0
        var bytes = [first]
        switch payload.count {
        case ..<126: bytes.append(maskBit | UInt8(payload.count))
        case ..<65_536:
            bytes += [maskBit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            bytes.append(maskBit | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(payload.count >> shift & 0xFF))
            }
        }
        guard self == .server else { return bytes + payload }
        bytes += key
        for (index, byte) in payload.enumerated() { bytes.append(byte ^ key[index % 4]) }
        return bytes
    }
}

extension Connection {
    mutating func receive(_ bytes: [UInt8], now: Duration = .zero) {
        receive(bytes.span, now: now)
    }

    mutating func takeEvents() -> [Event] {
        var events: [Event] = []
        while let event = nextEvent() { events.append(event) }
        return events
    }

    /// Everything in the outbox, consumed as a socket would that takes `piece` bytes at a time.
    mutating func takeOutput(piece: Int = .max) -> [UInt8] {
        var bytes: [UInt8] = []
        while !outbox.isEmpty {
            var gathered: [UInt8] = []
            for (index, chunk) in outbox.firstChunks(4).enumerated() {
                gathered += index == 0 ? chunk.dropFirst(outbox.firstOffset) : chunk[...]
            }
            let written = min(piece, gathered.count)
            bytes += gathered.prefix(written)
            consumeOutput(bytes: written)
        }
        return bytes
    }
}

/// What a connection made of a whole input.
struct Trace: Equatable {
    var events: [Event] = []
    var output: [UInt8] = []
    var action: TransportAction

    init(
        _ side: Side, _ bytes: [UInt8], pieces: [Int], limits: ConnectionLimits = ConnectionLimits()
    ) {
        var connection = side.connection(limits)
        var rest = bytes[...]
        var index = 0
        while !rest.isEmpty {
            let piece = rest.prefix(pieces[index % pieces.count])
            rest = rest.dropFirst(piece.count)
            index += 1
            connection.receive(piece.span, now: .zero)
            events += connection.takeEvents()
            output += connection.takeOutput()
        }
        action = connection.transportAction
    }
}

extension String {
    var bytes: [UInt8] { Array(utf8) }
}
