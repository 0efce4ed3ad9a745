import Model

/// Finds `@name` in a comment. Names have spaces, so each `@` gives the names that it could begin,
/// the longest first; whose they are is looked up by the caller.
/// `Protocol/notifications.md#notices`.
package enum MentionParser {
    /// - Returns: for each `@` that begins a name, at most `Limits.mentionsMax`, what could be that
    ///   name, the longest first.
    package static func candidates(in text: String) -> [[String]] {
        let scalars = Array(text.unicodeScalars)
        var mentions: [[String]] = []
        for (index, scalar) in scalars.enumerated() where scalar == "@" {
            // An e-mail address is no mention.
            if index > 0, isWord(scalars[index - 1]) { continue }
            let names = names(scalars[(index + 1)...])
            if names.isEmpty || mentions.contains(names) { continue }
            mentions.append(names)
            if mentions.count == Limits.mentionsMax { break }
        }
        return mentions
    }

    /// A letter, a digit, or what stands between those in addresses.
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || scalar == "." || scalar == "_"
    }

    /// Names end at the end of a word, with or without the punctuation that follows it.
    private static func names(_ rest: ArraySlice<Unicode.Scalar>) -> [String] {
        var names: [String] = []
        var name = String.UnicodeScalarView()
        var words = 0
        var wasWord = false
        func end() {
            guard wasWord else { return }
            names.append(String(name))
            // `Ana,` and `Ana!` are more often Ana than somebody called so.
            var bare = name
            while let last = bare.last, !isWord(last) || last == "." { bare.removeLast() }
            if !bare.isEmpty, bare.count < name.count { names.append(String(bare)) }
            words += 1
        }
        for scalar in rest.prefix(Limits.displayNameCharactersMax + 1) {
            let isSpace = scalar.properties.isWhitespace
            if isSpace {
                // A name is written in one line, and begins at once.
                if scalar != " " || !wasWord { break }
                end()
                if words == Limits.mentionWordsMax { return ordered(names) }
            } else if scalar == "@" {
                break
            }
            name.append(scalar)
            wasWord = !isSpace
        }
        if name.count <= Limits.displayNameCharactersMax { end() }
        return ordered(names)
    }

    /// Longest first.
    private static func ordered(_ names: [String]) -> [String] {
        names.sorted { $0.unicodeScalars.count > $1.unicodeScalars.count }
    }
}
