import Model
import Testing

@Suite("JSON: numbers")
struct JSONNumberTests {
    private func parse(_ text: String) throws(JSON.ParseError) -> JSON {
        try JSON.parse(Array(text.utf8))
    }

    @Test(
        "an integral value is an integer, however it is spelled",
        arguments: [
            ("1", 1), ("1.0", 1), ("1e0", 1), ("100e-2", 1), ("1e2", 100), ("-0", 0), ("-0.0", 0),
            ("0e400", 0), ("-0E-400", 0), ("1e-400", 0),
            ("9007199254740991", 9_007_199_254_740_991),
            ("9007199254740992", 9_007_199_254_740_992),
            ("9007199254740993", 9_007_199_254_740_993),
            ("9007199254740992.0", 9_007_199_254_740_992), ("-9.007199254740992e15", -1 << 53),
            ("9223372036854775807", .max), ("-9223372036854775808", .min), ("1e18", Int64(1e18)),
        ] as [(String, Int64)])
    func integers(text: String, value: Int64) throws {
        guard case .integer(let integer) = try parse(text) else {
            Issue.record("\(text) is no integer")
            return
        }
        #expect(integer == value)
    }

    @Test(
        "other values are the nearest double",
        arguments: [
            ("0.1", 0.1), ("-2.5e3", -2500.0), ("1.5", 1.5), ("1E-7", 1e-7), ("1e+21", 1e21),
            ("9223372036854775808", 0x1p63), ("-9223372036854775809", -0x1p63),
            ("100000000000000000000", 1e20), ("1e23", 1e23), ("8.5e-23", 8.5e-23),
            ("179769313486231570000e288", 1.7976931348623157e308),
            ("5e-324", .leastNonzeroMagnitude),
            ("123456789012345678901234567890.5", 123456789012345678901234567890.5),
            ("0.1000000000000000055511151231257827", 0.1), ("0.30000000000000004", 0.1 + 0.2),
            ("2.2250738585072011e-308", Double.leastNormalMagnitude.nextDown),
        ] as [(String, Double)])
    func doubles(text: String, value: Double) throws {
        #expect(try parse(text).double == value)
        #expect(try parse(text) == JSON(value))
    }

    @Test(
        "refuses malformed and infinite numbers (RFC 8259 §6)",
        arguments: [
            ("-", .malformedNumber(at: 0)), ("[-]", .malformedNumber(at: 1)),
            ("01", .malformedNumber(at: 0)), ("-01", .malformedNumber(at: 0)),
            ("00", .malformedNumber(at: 0)), ("1.", .malformedNumber(at: 0)),
            ("1.e1", .malformedNumber(at: 0)), ("1e", .malformedNumber(at: 0)),
            ("1e+", .malformedNumber(at: 0)), ("1e+-1", .malformedNumber(at: 0)),
            (".5", .unexpectedByte(0x2E, at: 0)), ("+1", .unexpectedByte(0x2B, at: 0)),
            ("0x10", .trailingBytes(at: 1)), ("1.5.5", .trailingBytes(at: 3)),
            ("1_000", .trailingBytes(at: 1)), ("--1", .malformedNumber(at: 0)),
            ("-Infinity", .malformedNumber(at: 0)), ("1e309", .numberOutOfRange(at: 0)),
            ("[-1e400]", .numberOutOfRange(at: 1)),
            ("1e99999999999999999999999", .numberOutOfRange(at: 0)),
        ] as [(String, JSON.ParseError)])
    func refuses(text: String, error: JSON.ParseError) {
        #expect(throws: error) { try parse(text) }
    }

    @Test("very long numbers are read in full")
    func long() throws {
        let zeros = String(repeating: "0", count: 5000)
        #expect(try parse("0.\(zeros)1e5001") == 1)
        #expect(try parse("1\(zeros)e-5000") == 1)
        #expect(throws: JSON.ParseError.numberOutOfRange(at: 0)) { try parse("1\(zeros)") }
    }

    /// RFC 8785 appendix B, and the places where ECMAScript changes its layout.
    @Test(
        "writes numbers as ECMAScript (RFC 8785 §3.2.2.3)",
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"), (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"), (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"), (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
            (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func ecmaScript(bits: UInt64, text: String) throws {
        let value = Double(bitPattern: bits)
        #expect(String(decoding: JSON(value).canonical(), as: UTF8.self) == text)
        var writer = JSON.Writer()
        writer.value(value)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == text)
        #expect(try parse(text) == JSON(value))
    }

    @Test(
        "writes short numbers",
        arguments: [
            (0.1, "0.1"), (-1.5, "-1.5"), (1e-6, "0.000001"), (1e-7, "1e-7"), (1.5e-7, "1.5e-7"),
            (1e21, "1e+21"), (123e19, "1.23e+21"), (1e20, "100000000000000000000"), (0.05, "0.05"),
            (12.34, "12.34"), (1e22, "1e+22"),
        ])
    func short(value: Double, text: String) {
        #expect(String(decoding: JSON(value).canonical(), as: UTF8.self) == text)
    }

    @Test(
        "writes integers",
        arguments: [
            (0, "0"), (-1, "-1"), (10, "10"), (.max, "9223372036854775807"),
            (.min, "-9223372036854775808"),
        ] as [(Int64, String)])
    func writesIntegers(value: Int64, text: String) {
        #expect(String(decoding: JSON.integer(value).serialised(), as: UTF8.self) == text)
    }

    @Test("random doubles survive writing and reading", arguments: [4, 5] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<5000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            #expect(try JSON.parse(JSON(value).serialised()) == JSON(value), "seed \(seed)")
        }
    }
}
