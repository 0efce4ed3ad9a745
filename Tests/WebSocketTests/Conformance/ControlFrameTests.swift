import Testing
import WebSocket

/// RFC 6455 §5.5 and §7: control frames, and how a connection ends.
@Suite struct ControlFrameTests {
    private static let controls: [UInt8] = [0x8, 0x9, 0xA]

    @Test(
        "RFC 6455 §5.5: a control frame has at most 125 bytes, and is never fragmented",
        arguments: Side.allCases, controls)
    func shape(side: Side, opcode: UInt8) {
        let long = [UInt8](repeating: 0x61, count: 126)
        for bytes in [
            side.incoming(0x80 | opcode, long),
            side.incoming(0x80 | opcode, [UInt8](repeating: 0x61, count: 70_000)),
        ] {
            let trace = Trace(side, bytes, pieces: [bytes.count])
            #expect(trace.events.first == .violation(.controlFrameTooLong))
            // At the second byte: nothing of it is waited for.
            #expect(Trace(side, Array(bytes.prefix(2)), pieces: [1]).events == trace.events)
        }
        let open = side.incoming(opcode, [0x03, 0xE8])
        #expect(
            Trace(side, open, pieces: [1]).events.first == .violation(.fragmentedControlFrame))
        let inside = side.incoming(0x01, [0x61]) + open
        #expect(
            Trace(side, inside, pieces: [1]).events.first == .violation(.fragmentedControlFrame))
    }

    @Test(
        "RFC 6455 §5.5.2, §5.5.3: a Ping is answered by a Pong with its payload, of any size",
        arguments: Side.allCases)
    func echo(side: Side) {
        for count in 0...125 {
            let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            let trace = Trace(side, side.incoming(0x89, payload), pieces: [3])
            #expect(trace.events == [.ping(payload)])
            #expect(Trace(side.other, trace.output, pieces: [5]).events == [.pong(payload)])
        }
    }

    @Test("RFC 6455 §5.5.2: after a Close no Ping is answered", arguments: Side.allCases)
    func pingAfterClose(side: Side) {
        var connection = side.connection()
        connection.close(code: .normal, now: .zero)
        _ = connection.takeOutput()
        connection.receive(side.incoming(0x89, [1]))
        #expect(connection.takeOutput() == [] && connection.takeEvents() == [])
        #expect(connection.ping() == .notOpen)
    }

    @Test("RFC 6455 §5.5.3: a Pong that nobody asked for is not answered", arguments: Side.allCases)
    func unsolicitedPong(side: Side) {
        let trace = Trace(side, side.incoming(0x8A, [1, 2]), pieces: [1])
        #expect(trace.events == [.pong([1, 2])] && trace.output == [])
        #expect(trace.action == .keepOpen)
    }

    /// RFC 6455 §7.4.1 and §7.4.2, and the registry's 1012 to 1014.
    private static func mayBeSent(_ code: UInt16) -> Bool {
        [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014].contains(code)
            || (3000...4999).contains(code)
    }

    @Test(
        "RFC 6455 §7.4.1, §7.4.2: each code from 0 to 5000 is echoed, or refused with 1002",
        arguments: Side.allCases)
    func everyCode(side: Side) {
        for code in Array(UInt16(0)...5000) + [.max] {
            let payload = [UInt8(code >> 8), UInt8(code & 0xFF)] + "so".bytes
            let trace = Trace(side, side.incoming(0x88, payload), pieces: [100])
            let isTaken =
                trace.events
                == [.closed(code: CloseCode(rawValue: code), reason: "so", isClean: true)]
            let isRefused = trace.events.first == .violation(.invalidCloseCode)
            let told = Trace(side.other, trace.output, pieces: [100]).events
            let answer = Self.mayBeSent(code) ? CloseCode(rawValue: code) : .protocolError
            guard case .closed(answer, _, true)? = told.first, told.count == 1,
                isTaken == Self.mayBeSent(code), isRefused != isTaken
            else {
                Issue.record("\(code): \(trace.events), answered \(told)")
                continue
            }
        }
    }

    @Test(
        "RFC 6455 §5.5.1: a Close has no payload, or a code and UTF-8; else 1002 or 1007",
        arguments: Side.allCases)
    func closePayload(side: Side) {
        func first(_ payload: [UInt8]) -> Event? {
            Trace(side, side.incoming(0x88, payload), pieces: [4]).events.first
        }
        for byte in UInt8.min ... .max {
            #expect(first([byte]) == .violation(.truncatedCloseCode))
        }
        #expect(ProtocolViolation.truncatedCloseCode.closeCode == .protocolError)
        let code: [UInt8] = [0x03, 0xE8]
        let longest = String(repeating: "\u{e9}", count: 61) + "x"
        #expect(
            first(code + longest.bytes) == .closed(code: .normal, reason: longest, isClean: true))
        for bad in [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]]
            as [[UInt8]]
        {
            for padding in [0, 1, 8, 100] {
                let reason = [UInt8](repeating: 0x61, count: padding) + bad
                #expect(first(code + reason) == .violation(.invalidCloseReason))
                if bad != [0xC3] {
                    #expect(first(code + reason + [0x61]) == .violation(.invalidCloseReason))
                }
            }
        }
        #expect(ProtocolViolation.invalidCloseReason.closeCode == .invalidPayload)
    }

    @Test(
        "RFC 6455 §7.1.7: a violation gets its Close, then the end of TCP, within a time limit",
        arguments: Side.allCases)
    func failing(side: Side) {
        var connection = side.connection(ConnectionLimits(closeTimeout: .seconds(5)))
        connection.receive(side.incoming(0x83), now: .seconds(1))
        #expect(connection.takeEvents().count == 2 && !connection.outbox.isEmpty)
        // It does not wait for the peer's Close, and reads nothing more.
        #expect(connection.transportAction == .closeWhenFlushed)
        connection.receive(side.incoming(0x81, [0x61]), now: .seconds(2))
        #expect(connection.takeEvents() == [] && connection.send(text: "late") == .notOpen)
        #expect(connection.nextDeadline == .seconds(6))
        // A peer that does not read: nothing was written.
        connection.deadlineReached(now: .seconds(6))
        #expect(connection.transportAction == .closeNow && connection.outbox.isEmpty)
        #expect(connection.nextDeadline == nil && connection.takeEvents() == [])
    }
}
