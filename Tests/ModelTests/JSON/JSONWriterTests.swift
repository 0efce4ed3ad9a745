import Model
import Testing

@Suite("JSON: writing")
struct JSONWriterTests {
    private func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    @Test("streams with commas where they belong")
    func streams() {
        var writer = JSON.Writer()
        writer.beginObject()
        writer.key("a")
        writer.value(1)
        writer.key("b")
        writer.beginArray()
        writer.value(true)
        writer.null()
        writer.beginObject()
        writer.endObject()
        writer.raw(Array(#"{"raw":0}"#.utf8))
        writer.value("x")
        writer.value(0.5)
        writer.endArray()
        writer.key("c")
        writer.beginArray()
        writer.endArray()
        writer.endObject()
        #expect(
            text(writer.bytes) == #"{"a":1,"b":[true,null,{},{"raw":0},"x",0.5],"c":[]}"#)
    }

    @Test("escapes only what must be escaped (RFC 8785 §3.2.2.2)")
    func escapes() {
        let all = "\u{0}\u{1}\u{8}\t\n\u{b}\u{c}\r\u{1f}\"\\/\u{7f}é\u{2028}😀"
        #expect(
            text(JSON.string(all).serialised())
                == #""\u0000\u0001\b\t\n\u000b\f\r\u001f\"\\/"# + "\u{7f}é\u{2028}😀\"")
    }

    @Test("keeps the order of members")
    func order() throws {
        let written = #"{"b":1,"a":{"d":2,"c":3}}"#
        #expect(text(try JSON.parse(Array(written.utf8)).serialised()) == written)
    }

    @Test("random values survive writing and reading", arguments: [6, 7, 8] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<2000 {
            let value = Self.randomValue(depth: 0, &random)
            #expect(try JSON.parse(value.serialised()) == value, "seed \(seed)")
            let canonical = value.canonical()
            #expect(try JSON.parse(canonical) == value, "seed \(seed)")
            #expect(try JSON.parse(canonical).canonical() == canonical, "seed \(seed)")
        }
    }

    private static func randomValue(depth: Int, _ random: inout SplitMix64) -> JSON {
        let kinds = depth < 4 ? 0..<7 : 0..<5
        switch Int.random(in: kinds, using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .integer(.random(in: -(1 << 53)...(1 << 53), using: &random))
        case 3: return JSON(.random(in: -1...1, using: &random))
        case 4: return .string(randomString(&random))
        case 5:
            let count = Int.random(in: 0...4, using: &random)
            return .array((0..<count).map { _ in randomValue(depth: depth + 1, &random) })
        default:
            var object = JSON.Object()
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                object[randomString(&random)] = randomValue(depth: depth + 1, &random)
            }
            return .object(object)
        }
    }

    private static func randomString(_ random: inout SplitMix64) -> String {
        let alphabet = Array("ab\"\\/\n\u{0}\u{1f}é€😀\u{301}\u{feff}\u{fb33}".unicodeScalars)
        var string = ""
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            if let scalar = alphabet.randomElement(using: &random) {
                string.unicodeScalars.append(scalar)
            }
        }
        return string
    }
}
