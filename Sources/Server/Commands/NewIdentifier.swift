import Model

/// Ids for new rows.
enum NewIdentifier {
    static func make(nowMs: Int64) -> Identifier {
        var generator = SystemRandomNumberGenerator()
        return Identifier(timeMs: nowMs, random: (generator.next(), generator.next()))
    }
}
