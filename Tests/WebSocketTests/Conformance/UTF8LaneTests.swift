import Model
import Testing
import WebSocket

@Suite struct UTF8LaneTests {
    /// Its length in characters is taken from one alphabet, so that vectors and lanes both work.
    private static func text(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
        let alphabets = [["a", "b"], ["a", "é"], ["λ"], ["日"], ["🎺"], ["a", "é", "日", "🎺"]]
        let alphabet = alphabets.randomElement(using: &random) ?? []
        var bytes: [UInt8] = []
        for _ in 0..<count { bytes += (alphabet.randomElement(using: &random) ?? "").utf8 }
        return bytes
    }

    @Test(
        "RFC 6455 §8.1: long text is judged as the standard library judges it",
        arguments: Side.allCases)
    func twin(side: Side) {
        let seed: UInt64 = side == .server ? 11 : 12
        var random = SplitMix64(seed: seed)
        var valid = 0
        for round in 0..<1_500 {
            var text = Self.text(Int.random(in: 0...600, using: &random), &random)
            for _ in 0..<Int.random(in: 0...2, using: &random) where !text.isEmpty {
                let index = Int.random(in: 0..<text.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: text[index] = UInt8.random(in: 0...255, using: &random)
                case 1: text.remove(at: index)
                default: text.insert(UInt8.random(in: 0x80...0xBF, using: &random), at: index)
                }
            }
            let isValid = String(validating: text, as: UTF8.self) != nil
            valid += isValid ? 1 : 0
            for pieces in [[Int.max], [Int.random(in: 1...700, using: &random)]] {
                let trace = Trace(side, side.incoming(0x81, text), pieces: pieces)
                #expect(
                    trace.events.first == (isValid ? .text(text) : .violation(.invalidUTF8)),
                    "seed \(seed), round \(round)")
            }
        }
        #expect((300...1_200).contains(valid))
    }

    @Test("RFC 6455 §8.1: one wrong byte at each place of a long text", arguments: Side.allCases)
    func eachPlace(side: Side) {
        for word in ["é", "日", "🎺"] {
            let text = Array(String(repeating: word, count: 1_100 / word.utf8.count).utf8)
            for index in text.indices {
                for byte in [0x80, 0xC3, 0xFF] as [UInt8] {
                    var wrong = text
                    wrong[index] = byte
                    let isValid = String(validating: wrong, as: UTF8.self) != nil
                    var connection = side.connection()
                    // In the frame where it goes wrong, though the message goes on.
                    connection.receive(side.incoming(0x01, wrong))
                    let event = connection.nextEvent()
                    guard !isValid, index < text.count - 4 else { continue }
                    #expect(event == .violation(.invalidUTF8))
                }
            }
        }
    }
}
