/// A field's text with characters beyond ASCII (RFC 2047 §2, encoding Q).
enum EncodedWords {
    /// RFC 2047 §2: a word has at most 75 characters, of which 12 are its frame.
    private static let wordBytesMax = 75 - "=?utf-8?q?".utf8.count - "?=".utf8.count
    private static let digits = Array("0123456789ABCDEF".utf8)

    static func text(_ text: String) -> String {
        if text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }), !text.contains("=?") { return text }
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            // RFC 2047 §5: a character is not cut in two.
            let piece = Character(scalar).utf8.flatMap(encoded)
            if words[words.count - 1].count + piece.count > wordBytesMax { words.append([]) }
            words[words.count - 1] += piece
        }
        return words.map { "=?utf-8?q?\(String(decoding: $0, as: UTF8.self))?=" }
            .joined(separator: "\r\n ")
    }

    private static func encoded(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            [byte]
        case 0x20: [UInt8(ascii: "_")]
        default: [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
}
