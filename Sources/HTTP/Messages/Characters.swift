/// The character classes of RFC 9110 §5.6 and §5.5, and the few ASCII helpers they need.
package enum Characters {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20

    /// RFC 9110 §5.6.2: `tchar`, as two 64-bit sets so that a test is a shift and a mask.
    private static let tokenSet: (low: UInt64, high: UInt64) = {
        var low: UInt64 = 0
        var high: UInt64 = 0
        let alphabet =
            "!#$%&'*+-.^_`|~0123456789"
            + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        for byte in alphabet.utf8 {
            if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
        }
        return (low, high)
    }()

    static func isTokenByte(_ byte: UInt8) -> Bool {
        if byte < 64 { return tokenSet.low >> UInt64(byte) & 1 == 1 }
        return byte < 128 && tokenSet.high >> UInt64(byte - 64) & 1 == 1
    }

    package static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isTokenByte)
    }

    /// RFC 9110 §5.5: HTAB, SP, VCHAR and obs-text; every other control character is refused.
    static func isFieldValueByte(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F || byte == tab
    }

    /// The value of an ASCII digit, else nil.
    static func digit(_ byte: UInt8) -> Int? {
        (0x30...0x39).contains(byte) ? Int(byte) - 0x30 : nil
    }

    /// The value of an ASCII hexadecimal digit, else nil.
    static func hexDigit(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case 0x41...0x46: Int(byte) - 0x41 + 10
        case 0x61...0x66: Int(byte) - 0x61 + 10
        default: nil
        }
    }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }

    /// Equality without ASCII case and without locale: the rule for names and most tokens.
    package static func equalIgnoringCase(
        _ left: some StringProtocol, _ right: some StringProtocol
    ) -> Bool {
        left.utf8.count == right.utf8.count
            && zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }

    /// RFC 9110 §5.6.3: without the spaces and tabs around it.
    package static func trimmed(_ text: Substring) -> Substring {
        let bytes = text.utf8
        var start = bytes.startIndex
        var end = bytes.endIndex
        while start < end, bytes[start] == space || bytes[start] == tab {
            start = bytes.index(after: start)
        }
        while start < end {
            let last = bytes.index(before: end)
            guard bytes[last] == space || bytes[last] == tab else { break }
            end = last
        }
        return text[start..<end]
    }
}
