import Model

/// A secret that a letter carries: 256 random bits, kept as SHA-256 only.
/// `Protocol/mail.md#secrets`.
package enum AccountSecret {
    package static let randomBytes = 32

    package enum Purpose: String, CaseIterable, Sendable {
        case verifyEmail = "verify_email"
        case changeEmail = "change_email"
        case resetPassword = "reset_password"

        package var lifetimeMs: Int64 {
            switch self {
            case .verifyEmail, .changeEmail: Int64(Limits.verifySecretHours) * 3_600_000
            case .resetPassword: Int64(Limits.resetSecretMinutes) * 60_000
            }
        }

        /// What the page that opens the link looks for in its fragment.
        package var fragment: String {
            switch self {
            case .verifyEmail, .changeEmail: "verify"
            case .resetPassword: "reset"
            }
        }
    }

    package static func link(
        _ publicURL: String, _ purpose: Purpose, secret: String
    ) -> String {
        let base = publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
        return "\(base)/#\(purpose.fragment)/\(secret)"
    }
}
