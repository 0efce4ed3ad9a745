/// Checks UTF-8 piece by piece and fails at the first byte that no continuation can save
/// (RFC 6455 §8.1, RFC 3629 §4).
struct UTF8Validator: Sendable {
    /// Continuation bytes that the current character still needs.
    private var needed: UInt8 = 0
    /// The range of the next continuation byte: narrower after E0, ED, F0 and F4, which is what
    /// keeps out overlong forms, surrogates and what is beyond U+10FFFF.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    /// Whether the bytes so far end with a whole character.
    var isComplete: Bool { needed == 0 }

    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        var validator = UTF8Validator()
        return validator.consume(bytes) && validator.isComplete
    }

    /// - Returns: false when the bytes so far are not the beginning of any UTF-8 text.
    mutating func consume(_ bytes: Span<UInt8>) -> Bool {
        let count = bytes.count
        // SAFETY: a byte has no padding that a raw view could show.
        let raw = unsafe bytes.bytes
        var index = 0
        while index < count {
            if needed == 0 {
                while count &- index >= 8 {
                    // SAFETY: `index + 8 <= count` was just tested.
                    let word = unsafe raw.unsafeLoadUnaligned(
                        fromUncheckedByteOffset: index, as: UInt64.self)
                    guard word & 0x8080_8080_8080_8080 == 0 else { break }
                    index &+= 8
                }
                guard index < count else { return true }
            }
            guard consume(bytes[index]) else { return false }
            index &+= 1
        }
        return true
    }

    @inline(__always)
    private mutating func consume(_ byte: UInt8) -> Bool {
        if needed > 0 {
            guard byte >= lowest, byte <= highest else { return false }
            needed &-= 1
            lowest = 0x80
            highest = 0xBF
            return true
        }
        switch byte {
        case 0x00...0x7F: break
        case 0xC2...0xDF: needed = 1
        case 0xE0...0xEF:
            needed = 2
            if byte == 0xE0 { lowest = 0xA0 }
            if byte == 0xED { highest = 0x9F }
        case 0xF0...0xF4:
            needed = 3
            if byte == 0xF0 { lowest = 0x90 }
            if byte == 0xF4 { highest = 0x8F }
        default: return false
        }
        return true
    }
}
