/// On whose behalf a call runs.
enum Caller: Sendable {
    /// A socket without a session yet.
    case anyone
    case guest
    case user(Peer.Holder)
    /// Whoever runs the server, on its own machine: an administrator without an account.
    case localAdministrator

    var holder: Peer.Holder? {
        if case .user(let holder) = self { holder } else { nil }
    }

    var isLocalAdministrator: Bool {
        if case .localAdministrator = self { true } else { false }
    }
}
