import Model
import Testing
import WebSocket

@Suite struct FramingTests {
    @Test("RFC 6455 §5.7: the example frames, byte for byte")
    func examples() {
        var client = Side.client.connection()
        client.receive([0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        client.receive([0x01, 0x03, 0x48, 0x65, 0x6C])
        client.receive([0x80, 0x02, 0x6C, 0x6F])
        client.receive([0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        client.receive([0x82, 0x7E, 0x01, 0x00] + [UInt8](repeating: 9, count: 256))
        client.receive([0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0] + [UInt8](repeating: 9, count: 65_536))
        #expect(
            client.takeEvents() == [
                .text("Hello".bytes), .text("Hello".bytes), .ping("Hello".bytes),
                .binary([UInt8](repeating: 9, count: 256)),
                .binary([UInt8](repeating: 9, count: 65_536)),
            ])
        var server = Side.server.connection()
        server.receive([0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
        server.receive([0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
        #expect(server.takeEvents() == [.text("Hello".bytes), .pong("Hello".bytes)])
        #expect(Frame.encode(text: "Hello".bytes) == [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(
            Array(Frame.encode(binary: [UInt8](repeating: 0, count: 256)).prefix(4))
                == [0x82, 0x7E, 0x01, 0x00])
        #expect(
            Array(Frame.encode(binary: [UInt8](repeating: 0, count: 65_536)).prefix(10))
                == [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0])
    }

    @Test(
        "RFC 6455 §5.2: each length goes out in its shortest form and comes in again",
        arguments: Side.allCases, [0, 1, 7, 8, 31, 125, 126, 127, 4_000, 65_535, 65_536, 200_000])
    func lengths(side: Side, count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var sender = side.other.connection()
        var receiver = side.connection()
        #expect(sender.send(binary: payload) == .queued)
        let wire = sender.takeOutput(piece: 1_000)
        let header = (count < 126 ? 2 : count < 65_536 ? 4 : 10) + (side == .server ? 4 : 0)
        #expect(wire.count == header + count)
        receiver.receive(wire)
        #expect(receiver.takeEvents() == [.binary(payload)])
    }

    @Test("RFC 6455 §5.3: masking at every phase and length equals the slow way")
    func masking() {
        var random = SplitMix64(seed: 3)
        for count in 1...100 {
            let payload = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let key = (0..<4).map { _ in UInt8.random(in: 0...255, using: &random) }
            let wire = Side.server.incoming(0x82, payload, key: key)
            for cut in 1...7 {
                let trace = Trace(.server, wire, pieces: [6 + cut, 3, 40])
                #expect(trace.events == [.binary(payload)], "count \(count) cut \(cut)")
            }
        }
    }

    @Test("RFC 6455 §5.3: a client takes a new key for each frame")
    func freshKeys() {
        var client = Side.client.connection()
        _ = client.send(binary: [0, 0, 0, 0])
        _ = client.send(binary: [0, 0, 0, 0])
        let wire = client.takeOutput()
        #expect(wire.count == 20 && wire[2..<6] == wire[6..<10])
        #expect(wire[2..<6] != wire[12..<16])
    }

    @Test("RFC 6455 §10.3: the keys are the key stream of ChaCha20 (RFC 8439 appendix A.1)")
    func keyStream() {
        var client = Connection(role: .client(maskSeed: .zero), now: .zero)
        var keys: [UInt8] = []
        for _ in 0..<20 {
            _ = client.send(binary: [])
            keys += client.takeOutput().suffix(4)
        }
        // Test vectors 1 and 2: the first block and the beginning of the second.
        #expect(
            keys == [
                0x76, 0xB8, 0xE0, 0xAD, 0xA0, 0xF1, 0x3D, 0x90, 0x40, 0x5D, 0x6A, 0xE5, 0x53, 0x86,
                0xBD, 0x28, 0xBD, 0xD2, 0x19, 0xB8, 0xA0, 0x8D, 0xED, 0x1A, 0xA8, 0x36, 0xEF, 0xCC,
                0x8B, 0x77, 0x0D, 0xC7, 0xDA, 0x41, 0x59, 0x7C, 0x51, 0x57, 0x48, 0x8D, 0x77, 0x24,
                0xE0, 0x3F, 0xB8, 0xD8, 0x4A, 0x37, 0x6A, 0x43, 0xB8, 0xF4, 0x15, 0x18, 0xA1, 0x1C,
                0xC3, 0x87, 0xB6, 0x69, 0xB2, 0xEE, 0x65, 0x86, 0x9F, 0x07, 0xE7, 0xBE, 0x55, 0x51,
                0x38, 0x7A, 0x98, 0xBA, 0x97, 0x7C, 0x73, 0x2D, 0x08, 0x0D,
            ])
    }

    private static let recorded: [(UInt8, [UInt8])] = [
        (0x81, "h\u{e9}llo \u{1F483} salsa".bytes), (0x02, [1, 2, 3]), (0x89, [9]),
        (0x00, []), (0x8A, []), (0x80, [0xFF]), (0x01, [0xF0, 0x9F]), (0x89, "p".bytes),
        (0x80, [0x92, 0x83]), (0x82, [UInt8](repeating: 0xAB, count: 130)), (0x81, []),
        (0x88, [0x03, 0xE8] + "bye \u{e9}".bytes),
    ]

    @Test(
        "RFC 6455 §5.4: every split of a recorded stream gives the same", arguments: Side.allCases)
    func everySplit(side: Side) {
        let stream = Self.recorded.flatMap { side.incoming($0.0, $0.1) }
        let whole = Trace(side, stream, pieces: [stream.count])
        #expect(
            whole.events == [
                .text("h\u{e9}llo \u{1F483} salsa".bytes), .ping([9]), .pong([]),
                .binary([1, 2, 3, 0xFF]), .ping("p".bytes), .text("\u{1F483}".bytes),
                .binary([UInt8](repeating: 0xAB, count: 130)), .text([]),
                .closed(code: .normal, reason: "bye \u{e9}", isClean: true),
            ])
        for cut in 1..<stream.count {
            let trace = Trace(side, stream, pieces: [cut, stream.count])
            #expect(trace.events == whole.events, "cut \(cut)")
            // What a client writes differs by nothing either: its keys are seeded.
            #expect(trace.output == whole.output, "cut \(cut)")
        }
        for size in 1...20 {
            #expect(Trace(side, stream, pieces: [size]) == whole, "pieces of \(size)")
        }
    }

    @Test(
        "RFC 6455 §7.1.7: violations have their code, each at every split", arguments: Side.allCases
    )
    func violations(side: Side) {
        let mask: UInt8 = side == .server ? 0x80 : 0
        let key: [UInt8] = side == .server ? [0, 0, 0, 0] : []
        let cases: [([UInt8], ProtocolViolation)] = [
            (side.other.incoming(0x81, [1]), side == .server ? .unmaskedFrame : .maskedFrame),
            (side.incoming(0xC1), .reservedBits), (side.incoming(0xA1), .reservedBits),
            (side.incoming(0x91), .reservedBits), (side.incoming(0xC9), .reservedBits),
            (side.incoming(0x83), .reservedOpcode), (side.incoming(0x87), .reservedOpcode),
            (side.incoming(0x8B), .reservedOpcode), (side.incoming(0x8F), .reservedOpcode),
            ([0x82, mask | 126, 0, 125] + key, .nonMinimalLength),
            ([0x82, mask | 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] + key, .nonMinimalLength),
            ([0x82, mask | 127, 0x80, 0, 0, 0, 0, 0, 0, 0] + key, .lengthTooLarge),
            ([0x82, mask | 127, 0x7F, 255, 255, 255, 255, 255, 255, 255] + key, .frameTooBig),
            ([0x89, mask | 126, 0, 126] + key, .controlFrameTooLong),
            (side.incoming(0x09), .fragmentedControlFrame),
            (side.incoming(0x08), .fragmentedControlFrame),
            (side.incoming(0x80), .unexpectedContinuation),
            (side.incoming(0x00), .unexpectedContinuation),
            (side.incoming(0x01) + side.incoming(0x81), .expectedContinuation),
            (side.incoming(0x82, [1]) + side.incoming(0x80), .unexpectedContinuation),
            (side.incoming(0x81, [0xC0]), .invalidUTF8),
            (side.incoming(0x88, [3]), .truncatedCloseCode),
            (side.incoming(0x88, [0x03, 0xED]), .invalidCloseCode),
            (side.incoming(0x88, [0x03, 0xE8, 0xFF]), .invalidCloseReason),
        ]
        for (bytes, violation) in cases {
            let trace = Trace(side, bytes, pieces: [bytes.count])
            #expect(
                trace.events.suffix(2) == [
                    .violation(violation),
                    .closed(code: violation.closeCode, reason: violation.reason, isClean: false),
                ])
            #expect(trace.action == .closeWhenFlushed)
            var peer = side.other.connection()
            peer.receive(trace.output)
            let told = Event.closed(
                code: violation.closeCode, reason: violation.reason, isClean: true)
            #expect(peer.takeEvents() == [told])
            #expect(Trace(side, bytes, pieces: [1]) == trace)
        }
    }

    @Test(
        "Each violation names its section and fits into a Close",
        arguments: ProtocolViolation.allCases)
    func tables(violation: ProtocolViolation) {
        #expect(violation.closeCode.isAllowedOnWire && violation.reason.utf8.count <= 123)
        #expect(!violation.section.isEmpty)
    }

    @Test("RFC 6455 §10.4: limits hold at the byte", arguments: Side.allCases)
    func limits(side: Side) {
        let limits = ConnectionLimits(frameBytesMax: 4, messageBytesMax: 6, fragmentsMax: 3)
        func events(_ frames: [(UInt8, Int)]) -> [Event] {
            let bytes = frames.flatMap { side.incoming($0.0, [UInt8](repeating: 1, count: $0.1)) }
            return Trace(side, bytes, pieces: [bytes.count], limits: limits).events
        }
        #expect(events([(0x02, 4), (0x00, 1), (0x80, 1)]).count == 1)
        #expect(events([(0x82, 5)]).first == .violation(.frameTooBig))
        #expect(events([(0x02, 4), (0x80, 3)]).first == .violation(.messageTooBig))
        #expect(
            events([(0x02, 1), (0, 0), (0, 0), (0x80, 0)]).first == .violation(.tooManyFragments))
        #expect(events([(0x82, 4), (0x82, 4)]).count == 2)
    }

    @Test("Random bytes never trap, and end as all splits of them end", arguments: Side.allCases)
    func fuzz(side: Side) {
        let seed: UInt64 = 20_260_101
        var random = SplitMix64(seed: seed)
        let firsts: [UInt8] = [0x81, 0x01, 0x80, 0x00, 0x82, 0x89, 0x8A, 0x88, 0x02]
        let limits = ConnectionLimits(frameBytesMax: 200, messageBytesMax: 300, fragmentsMax: 5)
        for iteration in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                // Mostly frames, so that the interesting states are reached.
                let first = firsts.randomElement(using: &random) ?? 0
                let count = Int.random(in: 0...20, using: &random)
                let ascii = Bool.random(using: &random)
                bytes += side.incoming(
                    first,
                    (0..<count).map { _ in .random(in: 0...(ascii ? 127 : 255), using: &random) })
            }
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            let whole = Trace(side, bytes, pieces: [bytes.count], limits: limits)
            let piece = Int.random(in: 1...16, using: &random)
            let split = Trace(side, bytes, pieces: [piece], limits: limits)
            if whole != split {
                Issue.record("seed \(seed) iteration \(iteration) piece \(piece): \(bytes)")
                return
            }
        }
    }
}
