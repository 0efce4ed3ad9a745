import Model
import Testing
import Wire

@Suite struct SchemaTests {
    private func refusal(_ schema: Schema, _ value: JSON) -> WireError? {
        do throws(WireError) {
            _ = try schema.check(value)
            return nil
        } catch {
            return error
        }
    }

    private func takes(_ schema: Schema, _ value: JSON) -> Bool { refusal(schema, value) == nil }

    @Test func `text is normalised to form C, and counted after that`() throws {
        let schema = Schema.text(1...1, .line)
        #expect(try schema.check("e\u{301}") == "\u{E9}")
        #expect(!takes(schema, "e\u{301}x"))
        #expect(try Schema.text(0...9, .exact).check("e\u{301}") == "e\u{301}")
        let deep = Schema.array(
            .object([.required("name", schema, "")]), count: 0...9)
        #expect(
            try deep.check([["name": "a"], ["name": "e\u{301}", "x": 1]])
                == [["name": "a"], ["name": "\u{E9}", "x": 1]])
    }

    @Test func `a secret is kept as it is, bounded in bytes, and never told`() throws {
        let schema = Schema.secret(1...4)
        #expect(try schema.check("e\u{301}\u{0}") == "e\u{301}\u{0}")
        #expect(
            refusal(schema, "12345")
                == WireError(
                    .invalidParams, "is not valid", path: "", allowed: "text of 1 to 4 bytes"))
        #expect(refusal(schema, "")?.value == nil)
    }

    @Test(arguments: [
        "Ana", "Çelik Ünsal", "Ana 2", "李小龙", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}",
        "\u{2764}\u{FE0F}", "1\u{FE0F}\u{20E3}", "\u{1F44D}\u{1F3FD}", "محمد", "O'Neill-Smith",
    ])
    func `names of people are taken`(_ name: String) {
        #expect(takes(.text(1...100, .name), .string(name)))
    }

    @Test(arguments: [
        "", " ", " Ana", "Ana ", "A  B", "A\u{A0}B", "A\tB", "A\nB", "A\u{0}B", "A\u{7F}",
        "A\u{200B}na", "A\u{200D}na", "Ana\u{FE0F}", "\u{1F600}\u{FE0F}", "\u{202E}Ana",
        "A\u{2066}na", "A\u{AD}na", "\u{3164}", "\u{2800}", "A\u{2028}B", "A\u{E0041}", "\u{E000}",
        "\u{FEFF}Ana", "\u{1F468}\u{200D}", "1\u{200D}2", "A\u{61C}", "A\u{34F}",
    ])
    func `names that differ in what cannot be seen are not`(_ name: String) {
        let error = refusal(.text(1...100, .name), .string(name))
        #expect(error?.name == .invalidParams)
        #expect(error?.allowed?.contains("can be seen") == true)
    }

    @Test func `text of a line and of several lines`() {
        #expect(takes(.text(1...9, .line), "a b"))
        #expect(takes(.text(1...9, .multiline), "a\r\n\tb"))
        for bad in ["\u{0}", "\u{1B}", "\u{7F}", "\u{85}", "\u{9F}"] as [JSON] {
            #expect(!takes(.text(1...9, .line), bad))
            #expect(!takes(.text(1...9, .multiline), bad))
        }
        #expect(!takes(.text(1...9, .line), "a\n"))
        #expect(takes(.text(2...2, .line), "\u{1F600}\u{1F600}"))
    }

    @Test(arguments: [
        ("ana@example.org", true), ("a.b+c@x.y.example", true), ("ana@localhost", true),
        ("ana@m\u{FC}nchen.example", true), ("\u{E9}@example.org", true), ("@example.org", false),
        ("ana@", false), ("ana", false), ("a b@example.org", false), ("a..b@example.org", false),
        ("a@b@c", false), ("ana@-x.org", false), ("ana@x..org", false), ("a\r\n@x.org", false),
        ("<ana@x.org>", false), ("a,b@x.org", false), ("ana@x_y.org", false),
        ("a\u{200B}@x.org", false), ("ana@x\u{202E}.org", false),
        (String(repeating: "a", count: 65) + "@x.org", false),
    ])
    func `e-mail addresses`(_ address: String, _ isTaken: Bool) {
        #expect(takes(.text(1...255, .email), .string(address)) == isTaken)
    }

    @Test(arguments: [
        ("https://example.org", true), ("HTTP://example.org:80/a?b=c#d", true),
        ("https://[::1]/x", true), ("https://example.org/%C3%A9", true), ("https://", false),
        ("javascript:alert(1)", false), ("//example.org", false), ("data:text/html,x", false),
        ("https:///path", false), ("https://a b", false), ("https://user@example.org", false),
        ("https://example.org/\u{E9}", false), ("https://example.org/\"", false),
        ("https://example.org/\n", false), ("xhttps://example.org", false), ("https://.", false),
    ])
    func `URLs`(_ url: String, _ isTaken: Bool) {
        #expect(takes(.text(1...255, .url), .string(url)) == isTaken)
    }

    @Test func `values of each kind, and of no other`() {
        let kinds: [(Schema, good: [JSON], bad: [JSON])] = [
            (.boolean, [true, false], [0, "true", .null, [], [:]]),
            (.integer(1...3), [1, 3, 2.0], [0, 4, 1.5, "1", .null, true]),
            (.number(0...1), [0, 0.25, 1], [-0.1, 1.1, "0", .null]),
            (.enumeration(["a", "\u{E9}"]), ["a", "\u{E9}"], ["b", "e\u{301}", 1, .null]),
            (
                .identifier, ["0198C5F0-0000-7000-8000-00000000000a"],
                ["0198c5f0", "", 1, .null, "0198c5f0-0000-7000-8000-00000000000g"]
            ),
            (.replica, ["9f1c0000000000FF"], ["9f1c", 1, .null]),
            (
                .cursor, ["YWJj", "a.b-c_d"],
                ["", " ", "a b", 1, .string(String(repeating: "a", count: 513))]
            ),
            (
                .array(.boolean, count: 1...2), [[true], [true, false]],
                [[], [true, true, true], [1], [:]]
            ),
            (
                .object([.required("a", .boolean, "")]), [["a": true, "b": 1]],
                [[:], ["a": 1], ["a": .null], [], 1]
            ),
            (
                .map(keys: .replica, values: .boolean), [[:], ["9f1c0000000000ff": true]],
                [["x": true], ["9f1c0000000000ff": 1], []]
            ),
            (.nullable(.boolean), [.null, true], [1]),
            (.json, [.null, 1, [[:]]], []),
            (.named("Flag", .boolean), [true], [1, .null]),
        ]
        for (schema, good, bad) in kinds {
            for value in good { #expect(takes(schema, value), "\(schema) \(value)") }
            for value in bad {
                let error = refusal(schema, value)
                #expect(error?.name == .invalidParams, "\(schema) \(value)")
                #expect(error?.path != nil)
                #expect(error?.allowed?.isEmpty == false)
            }
        }
    }

    @Test func `the path leads to what is wrong, escaped as RFC 6901 says`() {
        let schema = Schema.object([
            .required("a/b", .array(.object([.required("c~d", .boolean, "")]), count: 0...9), "")
        ])
        #expect(refusal(schema, ["a/b": [["c~d": true], ["c~d": 1]]])?.path == "/a~1b/1/c~0d")
        let missing = refusal(schema, ["a/b": [[:]]])
        #expect(missing?.path == "/a~1b/0/c~0d")
        #expect(missing?.message == "c~d is missing")
        let wrong = refusal(schema, ["a/b": 3])
        #expect(wrong?.path == "/a~1b")
        #expect(wrong?.message == "a/b is not valid")
        #expect(wrong?.value == 3)
        let element = refusal(schema, ["a/b": [3]])
        #expect(element?.path == "/a~1b/0")
        #expect(element?.message == "a/b is not valid")
    }

    @Test func `a key that does not fit is told of its map, without a path of its own`() {
        let schema = Schema.object([
            .required("rooms", .map(keys: .identifier, values: .boolean), "")
        ])
        let key = String(repeating: "x", count: 5_000)
        let error = refusal(schema, ["rooms": .object([key: true])])
        #expect(error?.path == "/rooms")
        #expect(error?.message == "rooms is not valid")
        #expect(error?.allowed == "UUID")
        #expect(error?.value == "text of 5000 bytes")
    }

    @Test func `null counts as missing where a member may be, and stays where it says something`()
        throws
    {
        let schema = Schema.object([
            .optional("a", .boolean, ""), .optional("b", .nullable(.boolean), ""),
        ])
        #expect(try schema.check(["a": .null, "b": .null]) == ["b": .null])
        #expect(try schema.check([:]) == [:])
    }

    @Test func `what is too large to send back is only described`() {
        let long = JSON.string(String(repeating: "x", count: 101))
        #expect(refusal(.boolean, long)?.value == "text of 101 bytes")
        #expect(refusal(.boolean, [1])?.value == "array")
    }
}
