/// Names that look alike must not differ in what cannot be seen.
enum VisibleName {
    /// Each scalar can be seen, or changes how its neighbours look: no controls, no formatting and
    /// default-ignorable characters (UAX #44), which include the bidirectional controls, no blanks
    /// other than single spaces between words.
    static func allows(_ scalars: [Unicode.Scalar]) -> Bool {
        scalars.indices.allSatisfy { index in
            let before = index > 0 ? scalars[index - 1] : nil
            let after = index + 1 < scalars.count ? scalars[index + 1] : nil
            return switch scalars[index] {
            case " ": before != nil && before != " " && after != nil
            case zeroWidthJoiner: isEmojiEnd(before) && isEmoji(after)
            case emojiPresentation: takesPresentation(before, then: after)
            case let scalar: isVisible(scalar)
            }
        }
    }

    private static let zeroWidthJoiner: Unicode.Scalar = "\u{200D}"
    private static let emojiPresentation: Unicode.Scalar = "\u{FE0F}"
    private static let keycap: Unicode.Scalar = "\u{20E3}"
    /// Eight dots of Braille, none of them raised: blank, though it counts as a symbol.
    private static let brailleBlank: Unicode.Scalar = "\u{2800}"

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        if properties.isDefaultIgnorableCodePoint || properties.isWhitespace { return false }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate,
            .privateUse:
            return false
        default: return scalar != brailleBlank
        }
    }

    /// Digits are emoji, too, by that table; they join nothing.
    private static func isEmoji(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        return scalar.value > 0x7F && scalar.properties.isEmoji
    }

    private static func isEmojiEnd(_ scalar: Unicode.Scalar?) -> Bool {
        scalar == emojiPresentation || isEmoji(scalar)
    }

    /// Where a text form is the usual one; elsewhere it would change nothing that is seen.
    private static func takesPresentation(
        _ scalar: Unicode.Scalar?, then after: Unicode.Scalar?
    ) -> Bool {
        guard let properties = scalar?.properties, properties.isEmoji,
            !properties.isEmojiPresentation
        else { return false }
        return isEmoji(scalar) || after == keycap
    }
}
