/// On whose behalf a call runs.
enum Caller: Sendable {
    /// A socket without a session yet.
    case anyone
    case guest
    case user(Peer.Holder)

    var holder: Peer.Holder? {
        if case .user(let holder) = self { holder } else { nil }
    }
}
