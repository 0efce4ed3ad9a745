import Testing
import WebSocket

@Suite struct UTF8Tests {
    /// A text message over the frames, each of which has one of the parts.
    private func events(_ side: Side, _ parts: [[UInt8]]) -> [Event] {
        var connection = side.connection()
        for (index, part) in parts.enumerated() {
            let first: UInt8 = (index == 0 ? 1 : 0) | (index == parts.count - 1 ? 0x80 : 0)
            connection.receive(side.incoming(first, part))
        }
        return connection.takeEvents()
    }

    @Test(
        "RFC 6455 §8.1, RFC 3629 §4: what is UTF-8, in one piece, in two, and behind ASCII",
        arguments: [
            [0x00], [0x7F], [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xE1, 0x80, 0x80],
            [0xEC, 0xBF, 0xBF], [0xED, 0x80, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80],
            [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF1, 0x80, 0x80, 0x80],
            [0xF3, 0xBF, 0xBF, 0xBF], [0xF4, 0x80, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
        ] as [[UInt8]])
    func valid(character: [UInt8]) {
        for side in Side.allCases {
            for padding in [0, 1, 7, 8, 9, 33] {
                let ascii = [UInt8](repeating: 0x61, count: padding)
                let text = ascii + character + ascii
                #expect(events(side, [text]) == [.text(text)])
                for cut in 0...text.count {
                    let parts = [Array(text[..<cut]), Array(text[cut...])]
                    #expect(events(side, parts) == [.text(text)])
                }
            }
            // Cut at each place, a character is no text.
            for cut in 1..<max(1, character.count) {
                #expect(events(side, [Array(character[..<cut])]).first == .violation(.invalidUTF8))
            }
        }
    }

    /// What is no UTF-8, and the index of the byte that no continuation can save.
    private static let wrong: [([UInt8], Int)] = [
        ([0x80], 0), ([0xBF], 0), ([0xC0, 0x80], 0), ([0xC1, 0xBF], 0), ([0xC2, 0x41], 1),
        ([0xC2, 0xC2], 1), ([0xE0, 0x80, 0x80], 1), ([0xE0, 0x9F, 0xBF], 1),
        ([0xE1, 0x41], 1), ([0xE1, 0x80, 0x41], 2), ([0xED, 0xA0, 0x80], 1),
        ([0xED, 0xBF, 0xBF], 1), ([0xEF, 0xBF, 0xC0], 2), ([0xF0, 0x80, 0x80, 0x80], 1),
        ([0xF0, 0x8F, 0xBF, 0xBF], 1), ([0xF1, 0x80, 0x41, 0x80], 2),
        ([0xF1, 0x80, 0x80, 0xC0], 3), ([0xF4, 0x90, 0x80, 0x80], 1), ([0xF5], 0),
        ([0xF5, 0x80, 0x80, 0x80], 0), ([0xF8, 0x88, 0x80, 0x80, 0x80], 0), ([0xFE], 0),
        ([0xFF], 0),
    ]

    @Test(
        "RFC 6455 §8.1, RFC 3629 §3: overlong, surrogate, beyond U+10FFFF, stray",
        arguments: wrong.map(\.0))
    func invalid(bytes: [UInt8]) {
        for side in Side.allCases {
            for padding in [0, 1, 7, 8, 9, 33] {
                let text = [UInt8](repeating: 0x61, count: padding) + bytes
                #expect(events(side, [text]).first == .violation(.invalidUTF8))
                // Behind a cut too, and in a message that would go on.
                for cut in 0...text.count {
                    let parts = [Array(text[..<cut]), Array(text[cut...]), []]
                    #expect(events(side, parts).first == .violation(.invalidUTF8))
                }
            }
        }
    }

    @Test(
        "RFC 6455 §8.1: text fails in the frame and at the byte that no continuation can save",
        arguments: wrong)
    func failsFast(bytes: [UInt8], wrong: Int) {
        for side in Side.allCases {
            for padding in [0, 1, 7, 8, 9, 40] {
                let text = [UInt8](repeating: 0x61, count: padding) + bytes
                // One frame that arrives byte by byte, and would go on; and a frame for each byte.
                let frame = side.incoming(0x01, text + [0x61])
                let head = frame.count - text.count - 1
                var single = side.connection()
                single.receive(Array(frame[..<head]))
                var many = side.connection()
                for index in 0...(padding + wrong) {
                    #expect(single.takeEvents() == [] && many.takeEvents() == [])
                    single.receive([frame[head + index]])
                    many.receive(side.incoming(index == 0 ? 0x01 : 0x00, [text[index]]))
                }
                #expect(single.takeEvents().first == .violation(.invalidUTF8))
                #expect(many.takeEvents().first == .violation(.invalidUTF8))
            }
        }
    }

    @Test("RFC 6455 §8.1: every scalar value is text", arguments: [Side.client])
    func everyScalar(side: Side) {
        for plane in UInt32(0)...16 {
            var text: [UInt8] = []
            for value in (plane << 16)...(plane << 16 | 0xFFFF) {
                guard let scalar = Unicode.Scalar(value) else { continue }
                text += Array(UTF8.encode(scalar) ?? .init())
            }
            #expect(events(side, [text]) == [.text(text)])
        }
    }
}
