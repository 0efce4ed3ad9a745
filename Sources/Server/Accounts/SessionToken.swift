import Model

/// What a session's secret is, beyond what all secrets are.
enum SessionToken {
    static let prefix = "sn_"

    static var lifetimeMs: Int64 { Int64(Limits.sessionDays) * 86_400_000 }
}
