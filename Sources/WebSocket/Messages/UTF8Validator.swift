/// Checks UTF-8 piece by piece and fails in the piece whose bytes no continuation can save
/// (RFC 6455 §8.1, RFC 3629 §4).
///
/// ASCII is passed over by vectors; the rest goes through the automaton of `UTF8Automaton`, in four
/// places at once when there is enough of it, for each step of one waits for the step before.
struct UTF8Validator: Sendable {
    private static let laneBytes = 128
    private static let laneCount = 4
    /// What is looked at before ASCII is tried again.
    private static let shortRunBytes = 16

    private var state = UTF8Automaton.accept

    /// Whether the bytes so far end with a whole character.
    var isComplete: Bool { state == UTF8Automaton.accept }

    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        var validator = UTF8Validator()
        return validator.consume(bytes) && validator.isComplete
    }

    /// - Returns: false when the bytes so far are not the beginning of any UTF-8 text.
    mutating func consume(_ bytes: Span<UInt8>) -> Bool {
        let table = UTF8Automaton.table
        let rows = table.span
        var index = 0
        while index < bytes.count {
            if state == UTF8Automaton.accept {
                index = Self.skipASCII(bytes, from: index)
                if bytes.count &- index >= Self.laneBytes * Self.laneCount {
                    guard consumeLanes(bytes, from: index, rows) else { return false }
                    index &+= Self.laneBytes * Self.laneCount
                    continue
                }
            }
            let end = min(bytes.count, index &+ Self.shortRunBytes)
            state = UTF8Automaton.run(rows, bytes, from: index, to: end, state)
            guard state != UTF8Automaton.reject else { return false }
            index = end
        }
        return true
    }

    /// The first index of a vector that is not all ASCII, or of what is shorter than one.
    private static func skipASCII(_ bytes: Span<UInt8>, from start: Int) -> Int {
        let count = bytes.count
        // SAFETY: a byte has no padding that a raw view could show; each load stays under `count`.
        let raw = unsafe bytes.bytes
        var index = start
        while count &- index >= 32 {
            let vector = unsafe raw.unsafeLoadUnaligned(
                fromUncheckedByteOffset: index, as: SIMD4<UInt64>.self)
            let seen = vector[0] | vector[1] | vector[2] | vector[3]
            guard seen & 0x8080_8080_8080_8080 == 0 else { return index }
            index &+= 32
        }
        while count &- index >= 8 {
            let word = unsafe raw.unsafeLoadUnaligned(
                fromUncheckedByteOffset: index, as: UInt64.self)
            guard word & 0x8080_8080_8080_8080 == 0 else { return index }
            index &+= 8
        }
        return index
    }

    /// Takes four lanes of bytes, each of which but the first begins with a character. The state is
    /// that between characters.
    private mutating func consumeLanes(
        _ bytes: Span<UInt8>, from start: Int, _ rows: Span<UInt64>
    ) -> Bool {
        let end = start &+ Self.laneBytes &* Self.laneCount
        guard let second = Self.boundary(bytes, at: start &+ Self.laneBytes),
            let third = Self.boundary(bytes, at: start &+ 2 &* Self.laneBytes),
            let fourth = Self.boundary(bytes, at: start &+ 3 &* Self.laneBytes)
        else { return false }
        // Boundaries are at most three bytes back.
        let together = Self.laneBytes &- 3
        var states = (state, state, state, state)
        for offset in 0..<together {
            states.0 = UTF8Automaton.step(rows, bytes, start &+ offset, states.0)
            states.1 = UTF8Automaton.step(rows, bytes, second &+ offset, states.1)
            states.2 = UTF8Automaton.step(rows, bytes, third &+ offset, states.2)
            states.3 = UTF8Automaton.step(rows, bytes, fourth &+ offset, states.3)
        }
        let first = UTF8Automaton.run(rows, bytes, from: start &+ together, to: second, states.0)
        let middle = (
            UTF8Automaton.run(rows, bytes, from: second &+ together, to: third, states.1),
            UTF8Automaton.run(rows, bytes, from: third &+ together, to: fourth, states.2)
        )
        state = UTF8Automaton.run(rows, bytes, from: fourth &+ together, to: end, states.3)
        return first == UTF8Automaton.accept && middle.0 == UTF8Automaton.accept
            && middle.1 == UTF8Automaton.accept && state != UTF8Automaton.reject
    }

    /// The beginning of the character that holds the byte, or nil: no character has that many
    /// continuation bytes.
    private static func boundary(_ bytes: Span<UInt8>, at index: Int) -> Int? {
        for candidate in stride(from: index, through: index &- 3, by: -1)
        where bytes[candidate] & 0xC0 != 0x80 { return candidate }
        return nil
    }
}
