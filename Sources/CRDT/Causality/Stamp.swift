import Model

/// When a write counts as made: a hybrid logical clock. It says who wins, and nothing else.
///
/// 48 bits of milliseconds since 1970, then a 16-bit counter. (Kulkarni et al., "Logical Physical
/// Clocks", 2014.) `Protocol/merge.md#stamps-and-dots`.
package struct Stamp: Hashable, Sendable, Comparable {
    package var rawValue: UInt64

    package static let zero = Stamp(rawValue: 0)

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Negative times count as zero; times past the 48 bits (the year 10889) as the last one.
    package init(physicalMs: Int64) {
        rawValue = UInt64(min(max(physicalMs, 0), 0xFFFF_FFFF_FFFF)) << 16
    }

    /// The next larger stamp. The counter runs over into the milliseconds, so order is kept.
    package var successor: Stamp {
        Stamp(rawValue: rawValue == .max ? .max : rawValue + 1)
    }

    package var text: String { Hexadecimal.text(rawValue) }

    package static func < (left: Stamp, right: Stamp) -> Bool { left.rawValue < right.rawValue }
}
