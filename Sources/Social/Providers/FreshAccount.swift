package import Wire
import Model

/// What a new account gets from its provider.
package enum FreshAccount {
    private static let fallbackName = "Dancer"

    /// The provider's name for them, if it is one by our rules; else what stands before the @.
    package static func displayName(name: String?, email: String, rule: Schema) -> String {
        for candidate in [name, email.split(separator: "@").first.map { String($0) }] {
            guard let candidate else { continue }
            let short = candidate.unicodeScalars.prefix(Limits.displayNameCharactersMax)
            let words = String(short).split(whereSeparator: \.isWhitespace)
            let name = words.joined(separator: " ")
            if case .string(let fitting)? = try? rule.check(.string(name)) {
                return fitting
            }
        }
        return fallbackName
    }
}
