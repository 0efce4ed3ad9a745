/// Hexadecimal text of 64-bit words: replica ids and stamps on the wire, which do not fit the
/// integers of JavaScript.
package enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Sixteen lower-case digits.
    package static func text(_ word: UInt64) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(16)
        append(word, digits: 16, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// The lowest so many digits of a word.
    static func append(_ word: UInt64, digits count: Int, to text: inout [UInt8]) {
        var shift = count * 4
        while shift > 0 {
            shift -= 4
            text.append(digits[Int(word >> UInt64(shift) & 15)])
        }
    }

    /// Two lower-case digits for each byte.
    package static func text(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Exactly sixteen digits, in either case; anything else is nil.
    package static func word(_ text: String) -> UInt64? {
        guard text.utf8.count == 16 else { return nil }
        var word: UInt64 = 0
        for byte in text.utf8 {
            guard let nibble = value(of: byte) else { return nil }
            word = word << 4 | UInt64(nibble)
        }
        return word
    }

    static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
