/// Numbers of JSON texts: read by RFC 8259 §6, written as ECMAScript does (RFC 8785 §3.2.2.3).
enum JSONNumber {
    static func parse(
        _ input: Span<UInt8>, _ offset: inout Int
    ) throws(JSON.ParseError) -> JSON {
        let start = offset
        let negative = input[offset] == UInt8(ascii: "-")
        if negative { offset += 1 }
        var digits = Digits()
        let integerStart = offset
        digits.take(input, &offset)
        guard offset > integerStart else { throw .malformedNumber(at: start) }
        // RFC 8259 §6: leading zeros are not allowed.
        if input[integerStart] == UInt8(ascii: "0"), offset > integerStart + 1 {
            throw .malformedNumber(at: start)
        }
        let isInteger = try !takeFraction(input, &offset, &digits, start: start)
        if isInteger, !digits.overflowed {
            if !negative, let value = Int64(exactly: digits.value) { return .integer(value) }
            if negative, digits.value <= Int64.min.magnitude {
                return .integer(Int64(truncatingIfNeeded: 0 &- digits.value))
            }
        }
        if let magnitude = digits.double() { return JSON(negative ? -magnitude : magnitude) }
        return JSON(try slowly(input, start: start, end: offset))
    }

    /// True when there was a fraction or an exponent.
    private static func takeFraction(
        _ input: Span<UInt8>, _ offset: inout Int, _ digits: inout Digits, start: Int
    ) throws(JSON.ParseError) -> Bool {
        let before = offset
        if offset < input.count, input[offset] == UInt8(ascii: ".") {
            offset += 1
            let fraction = offset
            digits.take(input, &offset)
            guard offset > fraction else { throw .malformedNumber(at: start) }
            digits.exponent -= offset - fraction
        }
        if offset < input.count, input[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            var negative = false
            if offset < input.count {
                negative = input[offset] == UInt8(ascii: "-")
                if negative || input[offset] == UInt8(ascii: "+") { offset += 1 }
            }
            var exponent = Digits()
            let first = offset
            exponent.take(input, &offset)
            guard offset > first else { throw .malformedNumber(at: start) }
            // Far outside of what a double holds, whatever the digits in front.
            let magnitude = exponent.overflowed ? Int.max / 2 : Int(min(exponent.value, 1 << 40))
            digits.exponent += negative ? -magnitude : magnitude
        }
        return offset > before
    }

    /// What the exact short cut cannot do: the standard library's correctly rounded conversion.
    private static func slowly(
        _ input: Span<UInt8>, start: Int, end: Int
    ) throws(JSON.ParseError) -> Double {
        var token = [UInt8]()
        for index in start..<end { token.append(input[index]) }
        guard let value = Double(String(decoding: token, as: UTF8.self)), value.isFinite else {
            throw .numberOutOfRange(at: start)
        }
        return value
    }

    static func write(_ value: Int64, to bytes: inout [UInt8]) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        let first = bytes.count
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        bytes[first...].reverse()
    }

    /// ECMAScript `Number::toString` (ECMA-262 §6.1.6.1.20), which RFC 8785 prescribes: the
    /// shortest digits that read back as the same double, positional from 1e-6 up to 1e21.
    static func write(_ value: Double, to bytes: inout [UInt8]) {
        precondition(value.isFinite, "JSON has no infinities and no NaN (RFC 8259 §6)")
        guard value != 0 else { return bytes.append(UInt8(ascii: "0")) }
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let (digits, point) = shortest(value.magnitude)
        switch point {
        case digits.count...21:
            bytes.append(contentsOf: digits)
            bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: point - digits.count))
        case 1...21:
            bytes.append(contentsOf: digits[..<point])
            bytes.append(UInt8(ascii: "."))
            bytes.append(contentsOf: digits[point...])
        case -5...0:
            bytes.append(contentsOf: "0.".utf8)
            bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: -point))
            bytes.append(contentsOf: digits)
        default:
            bytes.append(digits[0])
            if digits.count > 1 {
                bytes.append(UInt8(ascii: "."))
                bytes.append(contentsOf: digits[1...])
            }
            bytes.append(contentsOf: point > 0 ? "e+".utf8 : "e".utf8)
            write(Int64(point - 1), to: &bytes)
        }
    }

    /// The significant digits and the place of the decimal point: value = 0.digits * 10^point.
    ///
    /// `Double.description` finds the shortest digits, closest to the value where several would
    /// do; only its layout differs from ECMAScript's.
    private static func shortest(_ value: Double) -> (digits: [UInt8], point: Int) {
        var digits: [UInt8] = []
        var point: Int?
        var exponent = 0
        let text = Array(value.description.utf8)
        for (index, byte) in text.enumerated() {
            if byte == UInt8(ascii: ".") {
                point = digits.count
            } else if byte == UInt8(ascii: "e") {
                exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self)) ?? 0
                break
            } else {
                digits.append(byte)
            }
        }
        let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
        let place = (point ?? digits.count) + exponent - leading
        digits.removeFirst(leading)
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, place)
    }
}

/// Decimal digits as they are read: value * 10^exponent.
private struct Digits {
    var value: UInt64 = 0
    var exponent = 0
    var overflowed = false

    @inline(__always)
    mutating func take(_ input: Span<UInt8>, _ offset: inout Int) {
        while offset < input.count {
            let digit = input[offset] &- UInt8(ascii: "0")
            guard digit < 10 else { return }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            overflowed = overflowed || overflow || carry
            value = sum
            offset += 1
        }
    }

    /// Exact where both factors are exact doubles and one operation rounds once (Clinger 1990);
    /// nil elsewhere.
    func double() -> Double? {
        guard !overflowed, value <= 1 << 53, (-22...22).contains(exponent) else { return nil }
        let mantissa = Double(value)
        return exponent < 0
            ? mantissa / Self.powersOfTen[-exponent] : mantissa * Self.powersOfTen[exponent]
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}
