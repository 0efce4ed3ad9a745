/// The languages that letters are written in.
package enum MailLanguage: String, CaseIterable, Sendable {
    case english = "en"
    case norwegian = "nb"
    case spanish = "es"

    /// Of a language tag (RFC 5646): what comes first counts; unknown ones get English.
    package init(tag: String) {
        switch tag.prefix(while: { $0 != "-" && $0 != "_" }).lowercased() {
        case "nb", "nn", "no": self = .norwegian
        case "es": self = .spanish
        default: self = .english
        }
    }
}
