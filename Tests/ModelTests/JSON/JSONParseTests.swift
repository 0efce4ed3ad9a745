import Model
import Testing

@Suite("JSON: reading, RFC 8259")
struct JSONParseTests {
    private func parse(
        _ text: String, limits: JSON.Limits = .init()
    ) throws(JSON.ParseError) -> JSON {
        try JSON.parse(Array(text.utf8), limits: limits)
    }

    @Test(
        "accepts each kind of value",
        arguments: [
            ("null", .null), (" true\n", true), ("\tfalse\r", false), ("0", 0), ("-0", 0),
            ("-1", -1),
            ("123456789", 123_456_789), ("0.5", 0.5), ("-0.25", -0.25), ("1e-7", 1e-7),
            ("[]", []), ("{}", [:]), ("[ 1 , [ ] ]", [1, []]), ("\"\"", ""), ("\"a\"", "a"),
            ("{\"a\" : 1, \"b\":{\"a\":[null]}}", ["a": 1, "b": ["a": [.null]]]),
            ("\"\u{7f}\u{80}é€😀\u{2028}\"", "\u{7f}\u{80}é€😀\u{2028}"),
            ("{\"\":0}", ["": 0]), ("\"\\u0000\"", "\0"),
        ] as [(String, JSON)])
    func accepts(text: String, value: JSON) throws {
        #expect(try parse(text) == value)
    }

    @Test(
        "reads escapes (§7)",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
            (#""\ud83d\uDE00x""#, "😀x"), (#""é\u0301€\n😀""#, "é\u{301}€\n😀"),
            (#""\ud800\udc00\udbff\udfff""#, "\u{10000}\u{10FFFF}"), (#""\\u0041""#, "\\u0041"),
        ])
    func escapes(text: String, value: String) throws {
        #expect(try Array(#require(parse(text).string).utf8) == Array(value.utf8))
    }

    @Test(
        "refuses what is not JSON, and says where",
        arguments: [
            ("", .unexpectedEnd(at: 0)), ("  ", .unexpectedEnd(at: 2)),
            ("[", .unexpectedEnd(at: 1)), ("[1", .unexpectedEnd(at: 2)),
            ("[1,", .unexpectedEnd(at: 3)), ("[1,]", .unexpectedByte(0x5D, at: 3)),
            ("[,1]", .unexpectedByte(0x2C, at: 1)), ("[1 2]", .unexpectedByte(0x32, at: 3)),
            ("[1}", .unexpectedByte(0x7D, at: 2)), ("]", .unexpectedByte(0x5D, at: 0)),
            ("{", .unexpectedEnd(at: 1)), ("{\"a\"", .unexpectedEnd(at: 4)),
            ("{\"a\":", .unexpectedEnd(at: 5)), ("{\"a\":1", .unexpectedEnd(at: 6)),
            ("{\"a\":1,}", .unexpectedByte(0x7D, at: 7)), ("{a:1}", .unexpectedByte(0x61, at: 1)),
            ("{1:1}", .unexpectedByte(0x31, at: 1)), ("{\"a\" 1}", .unexpectedByte(0x31, at: 5)),
            ("{\"a\":1]", .unexpectedByte(0x5D, at: 6)), ("'a'", .unexpectedByte(0x27, at: 0)),
            ("nul", .unexpectedEnd(at: 3)), ("nulL", .unexpectedByte(0x4C, at: 3)),
            ("True", .unexpectedByte(0x54, at: 0)), ("NaN", .unexpectedByte(0x4E, at: 0)),
            ("Infinity", .unexpectedByte(0x49, at: 0)), ("nullx", .trailingBytes(at: 4)),
            ("1 2", .trailingBytes(at: 2)), ("{}}", .trailingBytes(at: 2)),
            ("[]//", .trailingBytes(at: 2)), ("/**/1", .unexpectedByte(0x2F, at: 0)),
            ("\u{feff}1", .unexpectedByte(0xEF, at: 0)), ("\u{a0}1", .unexpectedByte(0xC2, at: 0)),
            ("\u{c}1", .unexpectedByte(0x0C, at: 0)), ("1\0", .trailingBytes(at: 1)),
        ] as [(String, JSON.ParseError)])
    func refuses(text: String, error: JSON.ParseError) {
        #expect(throws: error) { try parse(text) }
    }

    @Test(
        "refuses malformed strings, and says where",
        arguments: [
            ("\"", .unexpectedEnd(at: 1)), ("\"a", .unexpectedEnd(at: 2)),
            ("\"\\", .unexpectedEnd(at: 2)), ("\"\\\"", .unexpectedEnd(at: 3)),
            ("\"\\u00", .unexpectedEnd(at: 5)), ("\"\\u\"", .unexpectedEnd(at: 4)),
            ("\"a\nb\"", .controlCharacter(at: 2)), ("\"a\tb\"", .controlCharacter(at: 2)),
            ("\"\\n\0\"", .controlCharacter(at: 3)), ("\"\\x\"", .malformedEscape(at: 1)),
            ("\"\\U0041\"", .malformedEscape(at: 1)), ("\"ab\\u00g0\"", .malformedEscape(at: 3)),
            ("\"\\u-123\"", .malformedEscape(at: 1)), ("\"\\ud800\"", .loneSurrogate(at: 1)),
            ("\"\\ud800x\"", .loneSurrogate(at: 1)), ("\"\\udc00\"", .loneSurrogate(at: 1)),
            ("\"\\udc00\\udc00\"", .loneSurrogate(at: 1)),
            ("\"\\udc00\\ud800\"", .loneSurrogate(at: 1)),
            ("\"\\ud800\\ud800\"", .loneSurrogate(at: 1)),
            ("\"\\ud800\\n\"", .loneSurrogate(at: 1)), ("\"\\ud800\\", .loneSurrogate(at: 1)),
            ("\"\\ud83d\\u00\"  ", .malformedEscape(at: 7)),
        ] as [(String, JSON.ParseError)])
    func refusesStrings(text: String, error: JSON.ParseError) {
        #expect(throws: error) { try parse(text) }
    }

    @Test(
        "refuses malformed UTF-8 (§8.1), with and without escapes beside it",
        arguments: [
            [0x80], [0xC3], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF8, 0x88],
            [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xF0, 0x9F, 0x98],
        ] as [[UInt8]])
    func refusesUTF8(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let plain: [UInt8] = [quote, 0x61] + bytes + [quote]
        #expect(throws: JSON.ParseError.malformedUTF8(at: 2)) { try JSON.parse(plain) }
        let escaped: [UInt8] = Array(#""\n"#.utf8) + bytes + Array(#"\u00a0""#.utf8)
        #expect(throws: JSON.ParseError.malformedUTF8(at: 3)) { try JSON.parse(escaped) }
        #expect(throws: (any Error).self) { try JSON.parse(bytes) }
    }

    @Test(
        "refuses a key twice in one object, however it is spelled",
        arguments: [
            (#"{"a":1,"a":2}"#, "a", 7), (#"{"a":1,"\u0061":1}"#, "a", 7),
            (#"[{"x":{"b":1,"c":2,"b":1}}]"#, "b", 19), (#"{"é":1,"\u00e9":1}"#, "é", 8),
            (#"{"😀":1,"\ud83d\ude00":1}"#, "😀", 10),
        ])
    func duplicates(text: String, key: String, offset: Int) {
        #expect(throws: JSON.ParseError.duplicateKey(key, at: offset)) { try parse(text) }
    }

    @Test("refuses a key twice among hundreds")
    func duplicatesAmongMany() throws {
        let keys = (0..<300).map { "\"k\($0)\":0" }
        #expect(try parse("{" + keys.joined(separator: ",") + "}").object?.count == 300)
        for repeated in [0, 15, 16, 17, 299] {
            let text = "{" + (keys + [keys[repeated]]).joined(separator: ",") + "}"
            #expect(throws: JSON.ParseError.self) { try parse(text) }
        }
    }

    @Test("keys that are equal only by Unicode equivalence are two keys (§8.3)")
    func equivalentKeys() throws {
        let object = try #require(try parse("{\"\u{e9}\":1,\"e\u{301}\":2}").object)
        #expect(object.count == 2)
        #expect(object["\u{e9}"] == 1)
        #expect(object["e\u{301}"] == 2)
    }

    @Test("bounds depth, values and bytes")
    func limits() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try parse(nested(16))
        #expect(throws: JSON.ParseError.tooDeep(depthMax: 16, at: 16)) { try parse(nested(17)) }
        #expect(throws: JSON.ParseError.tooDeep(depthMax: 16, at: 16)) {
            try parse(String(repeating: "[", count: 100_000))
        }
        #expect(throws: JSON.ParseError.tooDeep(depthMax: 1, at: 5)) {
            try parse("{\"a\":{}}", limits: .init(depthMax: 1))
        }
        _ = try parse("[1,{\"a\":2}]", limits: .init(valuesMax: 4))
        #expect(throws: JSON.ParseError.tooManyValues(valuesMax: 3, at: 8)) {
            try parse("[1,{\"a\":2}]", limits: .init(valuesMax: 3))
        }
        _ = try parse("[1]", limits: .init(bytesMax: 3))
        #expect(throws: JSON.ParseError.tooManyBytes(bytesMax: 2)) {
            try parse("[1]", limits: .init(bytesMax: 2))
        }
    }

    @Test("errors are readable")
    func descriptions() {
        #expect(
            "\(JSON.ParseError.unexpectedByte(0x7D, at: 7))" == "unexpected '}' at byte 7")
        #expect("\(JSON.ParseError.unexpectedByte(0, at: 7))" == "unexpected byte 0x0 at byte 7")
        #expect(
            "\(JSON.ParseError.duplicateKey("bpm", at: 12))"
                == "the key \"bpm\" appears twice in one object at byte 12")
    }

    @Test("every prefix and every change of one byte of a text has an outcome")
    func damage() throws {
        let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00é"],"b":{"c":null,"d":true}}"#.utf8)
        _ = try JSON.parse(text)
        for end in 0..<text.count {
            #expect(throws: JSON.ParseError.self) { try JSON.parse(Array(text[..<end])) }
        }
        for index in text.indices {
            for byte in UInt8.min...UInt8.max {
                var damaged = text
                damaged[index] = byte
                if let value = try? JSON.parse(damaged) {
                    #expect(try JSON.parse(value.serialised()) == value)
                }
            }
        }
    }

    @Test("random bytes have an outcome", arguments: [1, 2, 3] as [UInt64])
    func randomBytes(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let alphabet = Array("{}[]:,\"\\u0123456789abcdefnrtl.-+e \u{e9}\u{0}".utf8) + [0xFF]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...24, using: &random)
            let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            guard let value = try? JSON.parse(bytes) else { continue }
            #expect(throws: Never.self, "seed \(seed)") { try JSON.parse(value.serialised()) }
        }
    }
}
