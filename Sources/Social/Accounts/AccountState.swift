import Model

/// Whether somebody may come in, and is seen by others: the one place.
/// `Protocol/accounts.md#leaving`.
package enum AccountState: Hashable, Sendable {
    /// Seen by others.
    case present
    /// Its owner hid it; signing in shows it again.
    case deactivated
    /// Signing in until then brings it back.
    case deleted(restorableUntilMs: Int64)
    /// Deleted too long ago: for everybody it is not there.
    case gone
    /// An administrator closed it; only an administrator opens it again.
    case banned

    package static let restorableMs = Int64(Limits.deletedAccountDays) * 86_400_000

    /// - Parameter bannedMs: since when, for those who are.
    package init(isActive: Bool, bannedMs: Int64?, deletedMs: Int64?, nowMs: Int64) {
        if let deletedMs {
            let untilMs = deletedMs + Self.restorableMs
            if nowMs >= untilMs {
                self = .gone
            } else {
                self = bannedMs == nil ? .deleted(restorableUntilMs: untilMs) : .banned
            }
        } else if bannedMs != nil {
            self = .banned
        } else {
            self = isActive ? .present : .deactivated
        }
    }
}
