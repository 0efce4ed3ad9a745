import Model
import Testing

@Suite("JSON: values and canonical text")
struct JSONValueTests {
    @Test("objects are equal and hash alike in any order")
    func orderDoesNotMatter() {
        let a: JSON = ["x": 1, "y": [1, ["z": .null]]]
        let b: JSON = ["y": [1, ["z": .null]], "x": 1]
        #expect(a == b)
        #expect(a.hashValue == b.hashValue)
        #expect(a != ["x": 1])
        #expect(a != ["x": 1, "y": [1, ["z": 0]]])
        #expect(([1, 2] as JSON) != [2, 1])
    }

    @Test("large objects compare alike")
    func largeObjects() {
        var a = JSON.Object()
        var b = JSON.Object()
        for index in 0..<100 { a["k\(index)"] = JSON(Double(index)) }
        for index in (0..<100).reversed() { b["k\(index)"] = JSON(Double(index)) }
        #expect(a == b)
        #expect(a.hashValue == b.hashValue)
        b["k50"] = nil
        b["other"] = 50
        #expect(a != b)
    }

    @Test("members are read, replaced, appended and removed in place")
    func subscripting() {
        var object: JSON.Object = ["a": 1, "b": 2]
        object["a"] = 3
        object["c"] = .null
        object["b"] = nil
        object["absent"] = nil
        #expect(object.members.map(\.key) == ["a", "c"])
        #expect(object["a"] == 3)
        #expect(object["c"] == .null)
        #expect(object["b"] == nil)
    }

    @Test("accessors answer for their own kind only")
    func accessors() {
        let value: JSON = ["s": "x", "i": 1, "d": 0.5, "b": true, "a": [1], "o": [:], "n": .null]
        #expect(value["s"]?.string == "x")
        #expect(value["i"]?.int == 1)
        #expect(value["i"]?.double == 1)
        #expect(value["d"]?.double == 0.5)
        #expect(value["d"]?.int == nil)
        #expect(value["b"]?.bool == true)
        #expect(value["b"]?.int == nil)
        #expect(value["a"]?.array == [1])
        #expect(value["o"]?.object == [:])
        #expect(value["n"]?.isNull == true)
        #expect(value["absent"] == nil)
        #expect((1 as JSON)["s"] == nil)
        #expect((1.0 as JSON) == 1)
    }

    @Test("strings are compared by their scalars, not by Unicode equivalence")
    func exactStrings() {
        #expect(("\u{e9}" as JSON) != "e\u{301}")
        #expect((["\u{e9}": 1] as JSON) != ["e\u{301}": 1])
    }

    @Test("canonical keys are ordered by UTF-16 code units (RFC 8785 §3.2.3)")
    func canonicalOrder() throws {
        let text = #"""
            {"\u20ac": "Euro Sign", "\r": "Carriage Return",
             "\ufb33": "Hebrew Letter Dalet With Dagesh",
             "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
             "\u00f6": "Latin Small Letter O With Diaeresis"}
            """#
        let canonical = try JSON.parse(Array(text.utf8)).canonical()
        let members = try #require(try JSON.parse(canonical).object).members
        #expect(
            members.compactMap(\.value.string) == [
                "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis",
                "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
            ])
    }

    @Test("the example of RFC 8785 §3.2.2 has the bytes of §3.2.4")
    func canonicalExample() throws {
        let text = #"""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        let canonical = try JSON.parse(Array(text.utf8)).canonical()
        let expected =
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
            + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        #expect(String(decoding: canonical, as: UTF8.self) == expected)
    }

    @Test("canonical integers beyond 2^53 are the nearest doubles, as everywhere else")
    func canonicalLargeInteger() {
        #expect(JSON.integer(9_007_199_254_740_993).canonical() == Array("9007199254740992".utf8))
    }
}
