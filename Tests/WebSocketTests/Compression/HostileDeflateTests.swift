import Model
import Testing
import WebSocket

@Suite struct HostileDeflateTests {
    private static let limits = ConnectionLimits(
        frameBytesMax: 65_536, messageBytesMax: 65_536, fragmentsMax: 100_000)

    /// A megabyte of zeros for each thousand bytes of payload.
    private static func bomb(megabytes: Int) -> [UInt8] {
        var server = Side.server.connection(takeover, eager)
        var payload: [UInt8] = []
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        for index in 0..<megabytes {
            #expect(server.send(binary: zeros) == .queued)
            payload += server.takeOutput().dropFirst(4)
            if index < megabytes - 1 { payload += [0x00, 0x00, 0xFF, 0xFF] }
        }
        return payload
    }

    @Test("RFC 7692 §8: a bomb stops at the cap, while it inflates", arguments: Side.allCases)
    func bombs(side: Side) {
        let payload = Self.bomb(megabytes: 40)
        #expect(payload.count < 65_536)
        for piece in [Int.max, 1_000, 100] {
            for parameters in [takeover, noTakeover] {
                var connection = side.connection(parameters, eager, limits: Self.limits)
                let events = connection.events(of: side.incoming(0xC2, payload), piece: piece)
                #expect(
                    events
                        == [
                            .violation(.messageTooBig),
                            .closed(
                                code: .messageTooBig, reason: "message too big", isClean: false),
                        ])
            }
        }
    }

    @Test("RFC 7692 §8: exactly the cap is allowed, one byte more is not", arguments: Side.allCases)
    func cap(side: Side) {
        for (size, isAllowed) in [(65_535, true), (65_536, true), (65_537, false)] {
            let message = [UInt8](repeating: 0x61, count: size)
            var sender = side.other.connection(noTakeover, eager)
            #expect(sender.send(text: message) == .queued)
            let frame = sender.takeOutput()
            for piece in [1, 10, Int.max] {
                var connection = side.connection(noTakeover, eager, limits: Self.limits)
                let events = connection.events(of: frame, piece: piece)
                #expect(
                    events.first
                        == (isAllowed ? .text(message) : .violation(.messageTooBig)))
            }
        }
    }

    @Test("empty blocks without end do not run without end", arguments: Side.allCases)
    func emptyBlocks(side: Side) {
        var connection = side.connection(takeover, eager, limits: Self.limits)
        let blocks = [[UInt8]](repeating: [0, 0, 0, 0xFF, 0xFF], count: 10_000).flatMap { $0 }
        var events = connection.events(of: side.incoming(0x42, blocks))
        #expect(events.isEmpty)
        events = connection.events(of: side.incoming(0x00, blocks))
        #expect(events.first == .violation(.messageTooBig))
    }

    @Test(
        "RFC 7692 §7.2.2: what no encoder makes", arguments: Side.allCases,
        [
            // A reserved block type, a length that contradicts itself, a reference to before the
            // beginning, a message cut within a block, one that lacks the byte behind BFINAL.
            [0x07], [0x00, 0x05, 0x00, 0xFA, 0xFE, 0x48], [0xF2, 0x00, 0x11, 0x00, 0x00],
            [0xF2, 0x48, 0xCD], [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00],
            [0x00, 0x09, 0x00, 0xF6, 0xFF, 0x48],
        ] as [[UInt8]])
    func corrupt(side: Side, payload: [UInt8]) {
        for parameters in [takeover, noTakeover] {
            var connection = side.connection(parameters, eager)
            let events = connection.events(of: side.incoming(0xC2, payload))
            #expect(events.first == .violation(.invalidDeflate))
            guard case .closed(.invalidPayload, _, false) = events.last else {
                return #expect(Bool(false), "not 1007")
            }
        }
    }

    @Test("RFC 6455 §8.1: inflated text fails in the frame where it goes wrong")
    func text() {
        for side in Side.allCases {
            for (message, fails) in [
                ([0x61, 0xC3] as [UInt8], false), ([0x61, 0xC3, 0x28], true), ([0xED, 0xA0], true),
            ] {
                // Stored, so that each byte is there when it comes.
                let count = UInt8(message.count + 1)
                let stored = [0x00, count, 0x00, ~count, 0xFF] + message
                var connection = side.connection(noTakeover, eager)
                let events = connection.events(of: side.incoming(0x41, stored))
                #expect(events.first == (fails ? .violation(.invalidUTF8) : nil))
                guard !fails else { continue }
                // The end cuts a character.
                let rest = side.incoming(0x80, [0xC3, 0x00])
                #expect(connection.events(of: rest).first == .violation(.invalidUTF8))
            }
            var connection = side.connection(noTakeover, eager)
            let cut: [UInt8] = [0x00, 0x01, 0x00, 0xFE, 0xFF, 0xC3, 0x00]
            #expect(
                connection.events(of: side.incoming(0xC1, cut)).first == .violation(.invalidUTF8))
        }
    }

    @Test(
        "of two faults in what is inflated the first is told, in any split",
        arguments: Side.allCases,
        [
            (4_090, 4_097, .invalidUTF8), (4_096, 4_097, .messageTooBig),
            (4_097, 4_200, .messageTooBig), (3, 4_200, .invalidUTF8),
        ] as [(Int, Int, ProtocolViolation)])
    func order(side: Side, text: (wrongAt: Int, count: Int, fault: ProtocolViolation)) {
        var message = [UInt8](repeating: 0x61, count: text.count)
        if text.wrongAt < text.count { message[text.wrongAt] = 0xFF }
        var sender = Side.server.connection(noTakeover, eager)
        #expect(sender.send(binary: message) == .queued)
        let payload = Array(sender.takeOutput().dropFirst(2))
        let limits = ConnectionLimits(frameBytesMax: 4_096, messageBytesMax: 4_096)
        for piece in [1, 2, 3, 5, 8, Int.max] {
            var connection = side.connection(noTakeover, eager, limits: limits)
            let events = connection.events(of: side.incoming(0xC1, payload), piece: piece)
            #expect(events.first == .violation(text.fault), "in pieces of \(piece)")
        }
    }

    @Test(
        "RFC 7692 §7.1.2: a reference beyond the window is refused or resolved, never wrong",
        arguments: Side.allCases)
    func farther(side: Side) {
        let seed: UInt64 = 20_262
        var random = SplitMix64(seed: seed)
        let noise = (0..<1_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let message = noise + noise
        var sender = Side.server.connection(noTakeover, eager)
        #expect(sender.send(binary: message) == .queued)
        let payload = Array(sender.takeOutput().dropFirst(4))
        let small = DeflateParameters(serverMaxWindowBits: 9, clientMaxWindowBits: 9)
        for piece in [1, 7, 100, Int.max] {
            var large = side.connection(takeover, eager)
            let frame = side.incoming(0xC2, payload)
            #expect(large.events(of: frame, piece: piece) == [.binary(message)], "seed \(seed)")
            var connection = side.connection(small, eager)
            let first = connection.events(of: frame, piece: piece).first
            #expect(
                first == .violation(.invalidDeflate) || piece > 1 && first == .binary(message),
                "seed \(seed)")
        }
    }

    @Test("random damage ends in a message or a close, in any split")
    func damage() {
        let seed: UInt64 = 20_261
        var random = SplitMix64(seed: seed)
        var server = Side.server.connection(noTakeover, eager)
        #expect(server.send(text: words(2_000, &random)) == .queued)
        let payload = Array(server.takeOutput().dropFirst(4))
        for round in 0..<3_000 {
            var damaged = payload
            for _ in 0...Int.random(in: 0...3, using: &random) {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            let side = Side.allCases[round % 2]
            let frame = side.incoming(0xC1, damaged)
            var whole = side.connection(noTakeover, eager)
            let events = whole.events(of: frame)
            #expect(events.count == 1 || events.count == 2, "seed \(seed), round \(round)")
            var split = side.connection(noTakeover, eager)
            let piece = Int.random(in: 1...300, using: &random)
            #expect(
                split.events(of: frame, piece: piece) == events, "seed \(seed), round \(round)")
        }
    }
}
