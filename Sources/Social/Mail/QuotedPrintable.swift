/// Text of any characters in lines of at most 76 (RFC 2045 §6.7).
enum QuotedPrintable {
    private static let lineBytesMax = 76
    private static let digits = Array("0123456789ABCDEF".utf8)

    static func text(_ lines: [Substring]) -> String {
        lines.map(line).joined(separator: "\r\n")
    }

    private static func line(_ line: Substring) -> String {
        var bytes: [UInt8] = []
        var width = 0
        let source = Array(line.utf8)
        for (index, byte) in source.enumerated() {
            // A blank at the end of a line gets lost on the way.
            let isLast = index == source.count - 1
            let isLiteral =
                0x21...0x7E ~= byte && byte != UInt8(ascii: "=")
                || (byte == 0x20 || byte == 0x09) && !isLast
            let piece =
                isLiteral
                ? [byte] : [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            // Room for the `=` of a soft line break.
            if width + piece.count > lineBytesMax - 1 {
                bytes += Array("=\r\n".utf8)
                width = 0
            }
            bytes += piece
            width += piece.count
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
