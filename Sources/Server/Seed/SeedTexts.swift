import Model

/// Names, titles and remarks by number: the same number has the same text.
struct SeedTexts {
    let seed: UInt64

    func name(of user: Int) -> String {
        var random = generator(1, user)
        return "\(pick(SeedWords.givenNames, &random)) \(pick(SeedWords.familyNames, &random))"
    }

    func bio(of user: Int) -> String? {
        var random = generator(2, user)
        guard Int.random(in: 0..<3, using: &random) == 0 else { return nil }
        return "\(pick(SeedWords.forms, &random)) in \(pick(SeedWords.places, &random))"
    }

    func title(of pattern: Int) -> String {
        var random = generator(3, pattern)
        let form = pick(SeedWords.forms, &random)
        let (thing, quality) = (
            pick(SeedWords.things, &random), pick(SeedWords.qualities, &random)
        )
        let place = pick(SeedWords.places, &random)
        return switch Int.random(in: 0..<5, using: &random) {
        case 0: "\(form) \(quality)"
        case 1: "\(form) de la \(thing)"
        case 2: "\(form) en \(place)"
        case 3: "\(form) para la \(thing) \(quality)"
        default: "\(thing.capitalized) \(quality) #\(Int.random(in: 1...99, using: &random))"
        }
    }

    func description(of pattern: Int) -> String? {
        var random = generator(4, pattern)
        guard Bool.random(using: &random) else { return nil }
        let form = pick(SeedWords.forms, &random)
        return "\(form.capitalized) from \(pick(SeedWords.places, &random)), for "
            + "\(pick(SeedWords.things, &random)) and \(pick(SeedWords.things, &random)). "
            + String(pick(SeedWords.remarks, &random))
    }

    func remark(_ comment: Int) -> String {
        var random = generator(5, comment)
        return String(pick(SeedWords.remarks, &random))
    }

    private func generator(_ kind: UInt64, _ number: Int) -> SplitMix64 {
        SplitMix64(seed: seed &* 31 &+ kind << 56 ^ UInt64(number))
    }

    private func pick(_ words: [Substring], _ random: inout SplitMix64) -> Substring {
        words[Int.random(in: words.indices, using: &random)]
    }
}

extension Substring {
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
