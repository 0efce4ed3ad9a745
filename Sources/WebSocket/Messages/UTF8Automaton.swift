/// The well-formed byte sequences of RFC 3629 §4 as an automaton of nine states.
///
/// Each byte has a word that holds, for every state, the next one; a state is the place of its six
/// bits in the word. So a step is a load that waits for nothing, and a shift.
enum UTF8Automaton {
    /// Between characters.
    static let accept: UInt64 = 0
    /// No continuation helps; it is never left.
    static let reject: UInt64 = 6

    /// - Parameter rows: `table`'s span, taken once for many steps.
    @inline(__always)
    static func step(
        _ rows: Span<UInt64>, _ bytes: Span<UInt8>, _ index: Int, _ state: UInt64
    ) -> UInt64 {
        // SAFETY: callers stay under `bytes.count`; there is a row for each value of a byte.
        let row = unsafe rows[unchecked: Int(bytes[unchecked: index])]
        // `&>>` looks at the lowest six bits only.
        return row &>> state
    }

    /// - Returns: the state after the bytes from `start` to before `end`, which are in bounds.
    @inline(__always)
    static func run(
        _ rows: Span<UInt64>, _ bytes: Span<UInt8>, from start: Int, to end: Int, _ state: UInt64
    ) -> UInt64 {
        var state = state
        var index = start
        while index < end {
            state = step(rows, bytes, index, state)
            index &+= 1
        }
        return state & 63
    }

    private static let oneMore: UInt64 = 12
    private static let twoMore: UInt64 = 18
    private static let threeMore: UInt64 = 24
    /// The next byte is narrower, which keeps out overlong forms, surrogates and what is beyond
    /// U+10FFFF.
    private static let afterE0: UInt64 = 30
    private static let afterED: UInt64 = 36
    private static let afterF0: UInt64 = 42
    private static let afterF4: UInt64 = 48

    static let table: [UInt64] = (UInt8.min...UInt8.max).map { byte in
        var row: UInt64 = 0
        for state in stride(from: accept, through: afterF4, by: 6) {
            row |= next(state, byte) << state
        }
        return row
    }

    private static func next(_ state: UInt64, _ byte: UInt8) -> UInt64 {
        switch (state, byte) {
        case (accept, 0x00...0x7F): accept
        case (accept, 0xC2...0xDF): oneMore
        case (accept, 0xE0): afterE0
        case (accept, 0xED): afterED
        case (accept, 0xE1...0xEF): twoMore
        case (accept, 0xF0): afterF0
        case (accept, 0xF1...0xF3): threeMore
        case (accept, 0xF4): afterF4
        case (oneMore, 0x80...0xBF): accept
        case (twoMore, 0x80...0xBF), (afterE0, 0xA0...0xBF), (afterED, 0x80...0x9F): oneMore
        case (threeMore, 0x80...0xBF), (afterF0, 0x90...0xBF), (afterF4, 0x80...0x8F): twoMore
        default: reject
        }
    }
}
