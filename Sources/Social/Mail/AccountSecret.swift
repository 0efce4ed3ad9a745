import Model

/// A secret that a letter carries: 256 random bits, kept as SHA-256 only.
/// `Protocol/mail.md#secrets`.
package enum AccountSecret {
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

    /// - Parameter publicURL: without a slash at its end.
    package static func link(
        _ publicURL: String, _ purpose: Purpose, secret: String
    ) -> String {
        "\(publicURL)/#\(purpose.fragment)/\(secret)"
    }
}
