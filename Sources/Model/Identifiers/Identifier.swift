/// A UUID (RFC 9562): users, sessions and patterns. Version 7 when made here, so that ids sort by
/// the time they were made and rows of one time lie together on disk.
package struct Identifier: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Version 7: 48 bits of milliseconds, then 74 random bits (RFC 9562 §5.7).
    package init(timeMs: Int64, random: (UInt64, UInt64)) {
        high = UInt64(timeMs) << 16 | 0x7000 | random.0 & 0x0FFF
        low = 0x8000_0000_0000_0000 | random.1 >> 2
    }

    /// The 36-character form, in either case; anything else is nil.
    package init?(_ text: some StringProtocol) {
        self.init(String(text))
    }

    /// The same without a generic, because one of another module costs more than the reading.
    package init?(_ text: String) {
        guard text.utf8.count == 36 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        var index = 0
        for byte in text.utf8 {
            defer { index += 1 }
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let nibble = Hexadecimal.value(of: byte) else { return nil }
            // Two of the four hyphens stand before the lower word.
            if index < 18 {
                words.0 = words.0 << 4 | UInt64(nibble)
            } else {
                words.1 = words.1 << 4 | UInt64(nibble)
            }
        }
        (high, low) = words
    }

    /// Sixteen bytes, most significant first; any other count is nil.
    package init?(bytes: some Collection<UInt8>) {
        self.init(bytes: Array(bytes))
    }

    /// The same without a generic: each id of each row that is read comes by here.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        for index in 0..<8 {
            words.0 = words.0 << 8 | UInt64(bytes[index])
            words.1 = words.1 << 8 | UInt64(bytes[index + 8])
        }
        (high, low) = words
    }

    package var bytes: [UInt8] {
        [high, low].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
        }
    }

    package var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        Hexadecimal.append(high >> 32, digits: 8, to: &text)
        text.append(UInt8(ascii: "-"))
        Hexadecimal.append(high >> 16, digits: 4, to: &text)
        text.append(UInt8(ascii: "-"))
        Hexadecimal.append(high, digits: 4, to: &text)
        text.append(UInt8(ascii: "-"))
        Hexadecimal.append(low >> 48, digits: 4, to: &text)
        text.append(UInt8(ascii: "-"))
        Hexadecimal.append(low, digits: 12, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    package static func < (left: Identifier, right: Identifier) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}
