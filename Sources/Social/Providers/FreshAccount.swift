package import Wire
import Model

/// What a new account gets from its provider.
package enum FreshAccount {
    private static let fallbackName = "Dancer"

    /// The provider's name for them, if it is one by our rules; else what stands before the @.
    package static func displayName(name: String?, email: String, rule: Schema) -> String {
        for candidate in [name, email.split(separator: "@").first.map { String($0) }] {
            guard let candidate else { continue }
            let words = candidate.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            let short = words.unicodeScalars.prefix(Limits.displayNameCharactersMax)
            if case .string(let fitting)? = try? rule.check(.string(String(short))) {
                return fitting
            }
        }
        return fallbackName
    }
}
