import Model

/// What a liker does: likes all patterns, then takes all back, and so on.
struct LikerWalk {
    private let patterns: [Identifier]

    /// - Parameter number: of the liker; not all begin at the same pattern.
    init(_ patterns: [Identifier], number: Int) {
        let turn = number % patterns.count
        self.patterns = Array(patterns[turn...] + patterns[..<turn])
    }

    func step(_ step: Int) -> (pattern: Identifier, isLike: Bool) {
        (patterns[step % patterns.count], step / patterns.count % 2 == 0)
    }
}
