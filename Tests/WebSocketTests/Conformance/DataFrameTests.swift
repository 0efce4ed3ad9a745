import Testing
import WebSocket

/// RFC 6455 §5.1 to §5.4, §5.6, §6: frames that carry messages.
@Suite struct DataFrameTests {
    /// What a connection makes of frames, the same in one piece and byte by byte.
    private func events(
        _ side: Side, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
    ) -> [Event] {
        let whole = Trace(side, bytes, pieces: [bytes.count])
        #expect(Trace(side, bytes, pieces: [1]) == whole, sourceLocation: sourceLocation)
        return whole.events
    }

    private func expect(
        _ violation: ProtocolViolation, _ side: Side, _ bytes: [UInt8],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let events = events(side, bytes, sourceLocation: sourceLocation)
        let closed = Event.closed(
            code: violation.closeCode, reason: violation.reason, isClean: false)
        #expect(
            events == [.violation(violation), closed], "\(bytes.prefix(14))",
            sourceLocation: sourceLocation)
    }

    private static let opcodes: [UInt8] = [0x0, 0x1, 0x2, 0x8, 0x9, 0xA]

    @Test(
        "RFC 6455 §5.1: a client masks every frame, a server none; else 1002",
        arguments: Side.allCases)
    func masking(side: Side) {
        for opcode in Self.opcodes where opcode != 0 {
            for payload in [[], [0x03, 0xE8]] as [[UInt8]] {
                expect(
                    side == .server ? .unmaskedFrame : .maskedFrame, side,
                    side.other.incoming(0x80 | opcode, payload))
            }
        }
        #expect(ProtocolViolation.unmaskedFrame.closeCode == .protocolError)
        #expect(ProtocolViolation.maskedFrame.closeCode == .protocolError)
    }

    @Test(
        "RFC 6455 §5.2: each reserved bit on each opcode is refused without an extension",
        arguments: Side.allCases)
    func reservedBits(side: Side) {
        for bits in UInt8(1)...7 {
            for opcode in Self.opcodes {
                expect(.reservedBits, side, side.incoming(0x80 | bits << 4 | opcode))
            }
        }
    }

    @Test("RFC 6455 §5.2: opcodes 3 to 7 and B to F are refused", arguments: Side.allCases)
    func reservedOpcodes(side: Side) {
        for opcode in Array(UInt8(0x3)...0x7) + Array(UInt8(0xB)...0xF) {
            expect(.reservedOpcode, side, side.incoming(0x80 | opcode))
            expect(.reservedOpcode, side, side.incoming(opcode, [1, 2]))
        }
    }

    /// A head with the length spelled in `bytes` bytes.
    private func head(_ side: Side, _ length: UInt64, bytes: Int) -> [UInt8] {
        let mask: UInt8 = side == .server ? 0x80 : 0
        var head: [UInt8] = [0x82, mask | (bytes == 2 ? 126 : 127)]
        for shift in stride(from: 8 * bytes - 8, through: 0, by: -8) {
            head.append(UInt8(truncatingIfNeeded: length >> UInt64(shift)))
        }
        return head + (side == .server ? [1, 2, 3, 4] : [])
    }

    @Test("RFC 6455 §5.2: a length is in its shortest form", arguments: Side.allCases)
    func minimalLengths(side: Side) {
        for length in UInt64(0)...125 {
            expect(.nonMinimalLength, side, head(side, length, bytes: 2))
        }
        for length in [0, 1, 125, 126, 127, 0xFFFE, 0xFFFF] as [UInt64] {
            expect(.nonMinimalLength, side, head(side, length, bytes: 8))
        }
    }

    @Test(
        "RFC 6455 §5.2: the highest bit of a 64-bit length is 0; 63 bits are too big",
        arguments: Side.allCases)
    func hugeLengths(side: Side) {
        for length in [1 << 63, .max, 1 << 63 | 5] as [UInt64] {
            expect(.lengthTooLarge, side, head(side, length, bytes: 8))
        }
        for length in [1 << 63 - 1, 1 << 62, 1 << 32, 1 << 31, 1_048_577] as [UInt64] {
            expect(.frameTooBig, side, head(side, length, bytes: 8))
        }
    }

    @Test("RFC 6455 §5.4: a continuation needs a message", arguments: Side.allCases)
    func strayContinuation(side: Side) {
        for first in [0x00, 0x80] as [UInt8] {
            expect(.unexpectedContinuation, side, side.incoming(first, [1]))
        }
        let whole = side.incoming(0x82, [1]) + side.incoming(0x80, [2])
        let message = Event.binary([1])
        #expect(events(side, whole).prefix(2) == [message, .violation(.unexpectedContinuation)])
        // A control frame begins none.
        let ping = side.incoming(0x89) + side.incoming(0x80)
        #expect(events(side, ping).contains(.violation(.unexpectedContinuation)))
    }

    @Test("RFC 6455 §5.4: no new message inside a fragmented one", arguments: Side.allCases)
    func interleaved(side: Side) {
        for first in [0x01, 0x02] as [UInt8] {
            for second in [0x01, 0x02, 0x81, 0x82] as [UInt8] {
                expect(
                    .expectedContinuation, side,
                    side.incoming(first, [0x61]) + side.incoming(second, [0x61]))
            }
        }
    }

    @Test(
        "RFC 6455 §5.4: fragments are transparent, empty ones too, with control frames between",
        arguments: Side.allCases)
    func fragments(side: Side) {
        let payload = "h\u{e9}llo \u{1F483}".bytes
        for isText in [true, false] {
            let opcode: UInt8 = isText ? 1 : 2
            let message = isText ? Event.text(payload) : .binary(payload)
            for size in 1...payload.count {
                var bytes = side.incoming(opcode)
                var control: [Event] = []
                for start in stride(from: 0, to: payload.count, by: size) {
                    let part = Array(payload[start..<min(start + size, payload.count)])
                    bytes += side.incoming(0x89, [UInt8(start)]) + side.incoming(0x8A)
                    bytes += side.incoming(0x00, part) + side.incoming(0x00)
                    control += [.ping([UInt8(start)]), .pong([])]
                }
                bytes += side.incoming(0x80)
                #expect(events(side, bytes) == control + [message], "size \(size)")
            }
        }
    }

    @Test("RFC 6455 §5.4: a Close ends a fragmented message", arguments: Side.allCases)
    func closeInsideFragments(side: Side) {
        let bytes =
            side.incoming(0x01, [0x61]) + side.incoming(0x88, [0x03, 0xE8])
            + side.incoming(0x80, [0x62])
        #expect(events(side, bytes) == [.closed(code: .normal, reason: "", isClean: true)])
    }

    @Test("RFC 6455 §5.6, §6.2: a message keeps its type and every byte", arguments: Side.allCases)
    func types(side: Side) {
        let all = (0...255).map { UInt8($0) }
        var sender = side.other.connection()
        #expect(sender.send(binary: all) == .queued)
        #expect(sender.send(text: "salsa\u{0}\u{10FFFF}") == .queued)
        #expect(sender.send(text: "") == .queued)
        #expect(sender.send(binary: []) == .queued)
        #expect(
            events(side, sender.takeOutput()) == [
                .binary(all), .text("salsa\u{0}\u{10FFFF}".bytes), .text([]), .binary([]),
            ])
    }
}
