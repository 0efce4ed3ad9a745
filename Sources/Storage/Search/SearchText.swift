/// Words to look for, as an expression of FTS5 in which nothing of the words is syntax.
package struct SearchText: Hashable, Sendable {
    /// More words than these find nothing that these do not; each is a list to be read.
    package static let wordsMax = 6
    /// The last word may be the beginning of one from so many characters on: the tables for
    /// beginnings start there.
    private static let prefixCharactersMin = 2

    private let words: [String]

    /// Nil when there is no word in it, or too many.
    package init?(_ text: String) {
        // As the tokenizer divides: what is no letter, digit or mark stands between words.
        words = text.unicodeScalars.split { !Self.isPartOfWord($0) }
            .map { String(String.UnicodeScalarView($0)) }
        guard 1...Self.wordsMax ~= words.count else { return nil }
    }

    /// Where all of the words are to be.
    package enum Place: Sendable {
        /// In the title, the description and the owner's name together.
        case anywhere
        case title
        /// Together, but not all of them in the title.
        case elsewhere
    }

    /// - Parameter completing: whether the last may be the beginning of a word.
    func expression(_ place: Place, completing: Bool) -> String {
        let isPrefix =
            completing && words[words.count - 1].unicodeScalars.count >= Self.prefixCharactersMin
        let terms = words.map { "\"\($0)\"" }.joined(separator: " AND ")
        let all = "(\(terms)\(isPrefix ? " *" : ""))"
        return switch place {
        case .anywhere: all
        case .title: "title : \(all)"
        case .elsewhere: "\(all) NOT title : \(all)"
        }
    }

    private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
            true
        default: false
        }
    }
}
