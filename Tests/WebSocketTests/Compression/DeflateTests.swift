import Model
import Testing
import WebSocket

@Suite struct DeflateTests {
    private static let sides = Side.allCases

    @Test(
        "RFC 7692 §7.2.3: the examples, byte for byte", arguments: sides,
        [
            // §7.2.3.1, one block; §7.2.3.3, without compression; §7.2.3.4, BFINAL;
            // §7.2.3.5, two blocks.
            [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00],
            [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00],
            [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00],
            [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00],
        ] as [[UInt8]])
    func examples(side: Side, payload: [UInt8]) {
        for parameters in [takeover, noTakeover] {
            for piece in 1...payload.count + 14 {
                var connection = side.connection(parameters, eager)
                let frame = side.incoming(0xC1, payload)
                // Twice: the end of one leaves the stream ready for the next.
                #expect(
                    connection.events(of: frame + frame, piece: piece)
                        == [.text("Hello".bytes), .text("Hello".bytes)])
            }
            // §7.2.3.1: the same in two frames, RSV1 on the first only.
            for cut in 0...payload.count {
                var connection = side.connection(parameters, eager)
                let frames =
                    side.incoming(0x41, Array(payload[..<cut])) + side.incoming(0x89, [0x21])
                    + side.incoming(0x80, Array(payload[cut...]))
                #expect(connection.events(of: frames) == [.ping([0x21]), .text("Hello".bytes)])
            }
        }
    }

    @Test("RFC 7692 §7.2.3.1, §7.2.3.2: what we send, with and without context takeover")
    func sendsExamples() {
        var connection = Side.server.connection(takeover, eager)
        #expect(connection.send(text: "Hello") == .queued)
        let first: [UInt8] = [0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        #expect(connection.takeOutput() == first)
        #expect(connection.send(text: "Hello") == .queued)
        #expect(connection.takeOutput() == [0xC1, 0x05, 0xF2, 0x00, 0x11, 0x00, 0x00])
        // One by itself would be longer than the text: it is sent plain.
        connection = Side.server.connection(noTakeover, eager)
        #expect(connection.send(text: "Hello") == .queued)
        #expect(connection.takeOutput() == [0x81, 0x05] + "Hello".bytes)
    }

    @Test("RFC 7692 §7.2.3.2: a peer that takes its context over", arguments: sides)
    func sharedWindow(side: Side) {
        var connection = side.connection(takeover, eager)
        let frames =
            side.incoming(0xC1, [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
            + side.incoming(0xC1, [0xF2, 0x00, 0x11, 0x00, 0x00])
        #expect(
            connection.events(of: frames) == [.text("Hello".bytes), .text("Hello".bytes)])
        // Without takeover the second refers to what is not there.
        connection = side.connection(noTakeover, eager)
        #expect(connection.events(of: frames).contains(.violation(.invalidDeflate)))
    }

    @Test("RFC 7692 §7.2.3.2: what was forgotten unsent is not referred to", arguments: sides)
    func forgotten(side: Side) {
        var connection = side.connection(takeover, eager)
        var peer = side.other.connection(takeover, eager)
        #expect(connection.send(text: "sent in time") == .queued)
        #expect(peer.events(of: connection.takeOutput()) == [.text("sent in time".bytes)])
        #expect(connection.send(text: "the last word") == .queued)
        connection.discardUnsentOutput()
        #expect(connection.send(text: "the last word") == .queued)
        #expect(peer.events(of: connection.takeOutput()) == [.text("the last word".bytes)])
    }

    @Test("RFC 7692 §7.2.3.2: nor what found no room", arguments: sides)
    func overflowed(side: Side) {
        let limits = ConnectionLimits(outboxSoftMarkBytes: 40, outboxHardMarkBytes: 40)
        var connection = side.connection(takeover, eager, limits: limits)
        var peer = side.other.connection(takeover, eager)
        #expect(connection.send(text: "fits, and waits") == .queued)
        #expect(connection.send(text: "finds no room any more") == .overflow)
        #expect(peer.events(of: connection.takeOutput()) == [.text("fits, and waits".bytes)])
        #expect(connection.send(text: "finds no room") == .queued)
        #expect(peer.events(of: connection.takeOutput()) == [.text("finds no room".bytes)])
    }

    @Test("RFC 7692 §7.2.3.6: an empty message is one byte 0", arguments: sides)
    func empty(side: Side) {
        for parameters in [takeover, noTakeover] {
            var connection = side.connection(parameters, eager)
            let frames =
                side.incoming(0xC1, [0x00]) + side.incoming(0xC2, [])
                + side.incoming(0x41, []) + side.incoming(0x00, [])
                + side.incoming(0x80, [0x00]) + side.incoming(0xC1, [0x02, 0x00])
                + side.incoming(0xC1, [0x01])
            #expect(
                connection.events(of: frames)
                    == [.text([]), .binary([]), .text([]), .text([]), .text([])])
        }
        var server = Side.server.connection(takeover, eager)
        #expect(server.send(text: "") == .queued)
        #expect(server.takeOutput() == [0xC1, 0x01, 0x00])
    }

    @Test("RFC 7692 §6.1: RSV1 stands on the first frame of a data message only", arguments: sides)
    func reservedBit(side: Side) {
        let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        let bad = [
            side.incoming(0xC9), side.incoming(0xCA), side.incoming(0xC8),
            side.incoming(0x41, hello) + side.incoming(0xC0),
            side.incoming(0x01, "Hi".bytes) + side.incoming(0xC0), side.incoming(0xE1, hello),
            side.incoming(0xD1, hello),
        ]
        for frames in bad {
            var connection = side.connection(takeover, eager)
            let events = connection.events(of: frames)
            #expect(events.first == .violation(.reservedBits))
            #expect(connection.transportAction == .closeWhenFlushed)
        }
        var plain = side.connection()
        #expect(
            plain.events(of: side.incoming(0xC1, hello)).first == .violation(.reservedBits))
        // A message without RSV1 is not compressed.
        var mixed = side.connection(takeover, eager)
        #expect(mixed.events(of: side.incoming(0x81, "Hi".bytes)) == [.text("Hi".bytes)])
    }

    @Test(
        "RFC 7692 §7.2: messages there and back, every window, takeover on and off",
        arguments: sides, Array(DeflateParameters.windowBitsRange))
    func roundTrip(side: Side, bits: Int) {
        let seed = UInt64(bits)
        var random = SplitMix64(seed: seed)
        for keeps in [true, false] {
            let parameters = DeflateParameters(
                serverNoContextTakeover: !keeps, clientNoContextTakeover: !keeps,
                serverMaxWindowBits: bits, clientMaxWindowBits: bits)
            for configuration in [eager, .standard] {
                var sender = side.connection(parameters, configuration)
                var receiver = side.other.connection(parameters, configuration)
                var saved = 0
                for size in [0, 1, 20, 300, 511, 512, 513, 5_000, 0, 40_000, 70_000, 200_000] {
                    let message = words(size, &random)
                    let noise = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
                    #expect(sender.send(text: message) == .queued)
                    #expect(sender.send(binary: noise) == .queued)
                    let output = sender.takeOutput()
                    saved += message.count + noise.count - output.count
                    let piece = Int.random(in: 1...5_000, using: &random)
                    #expect(
                        receiver.events(of: output, piece: piece)
                            == [.text(message), .binary(noise)], "seed \(seed), size \(size)")
                }
                #expect(saved > 100_000)
            }
        }
    }

    @Test("RFC 7692 §7.2.2: split at every byte, in any number of fragments", arguments: sides)
    func splits(side: Side) {
        var random = SplitMix64(seed: 3)
        let message = words(3_000, &random)
        var sender = side.other.connection(noTakeover, eager)
        #expect(sender.send(text: message) == .queued)
        let frame = sender.takeOutput()
        for cut in 0...frame.count {
            var connection = side.connection(noTakeover, eager)
            var events = connection.events(of: Array(frame[..<cut]))
            events += connection.events(of: Array(frame[cut...]))
            #expect(events == [.text(message)])
        }
        // The payload, for fragments of our own making.
        var server = Side.server.connection(noTakeover, eager)
        #expect(server.send(text: message) == .queued)
        let payload = Array(server.takeOutput().dropFirst(4))
        for size in [1, 2, 3, 7, 100] {
            var connection = side.connection(noTakeover, eager)
            var frames = side.incoming(0x41, [])
            for start in stride(from: 0, to: payload.count, by: size) {
                let fragment = payload[start..<min(payload.count, start + size)]
                frames += side.incoming(0x00, Array(fragment)) + side.incoming(0x8A)
            }
            let events = connection.events(of: frames + side.incoming(0x80))
            #expect(events.filter { $0 != .pong([]) } == [.text(message)])
        }
    }

    @Test("messages under the named size go as they are")
    func small() {
        let configuration = DeflateConfiguration(messageBytesMin: 100)
        var server = Side.server.connection(noTakeover, configuration)
        #expect(server.send(text: String(repeating: "a", count: 99)) == .queued)
        #expect(server.takeOutput().first == 0x81)
        #expect(server.send(text: String(repeating: "a", count: 100)) == .queued)
        #expect(server.takeOutput().first == 0xC1)
        #expect(server.ping(Array(repeating: 0, count: 120)) == .queued)
        #expect(server.takeOutput().first == 0x89)
    }
}
