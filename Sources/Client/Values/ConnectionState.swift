/// How a client stands with its server.
public enum ConnectionState: Hashable, Sendable {
    /// Nothing was asked of it yet.
    case idle
    case connecting
    /// The session is open; what waited is on its way.
    case online
    /// It tries again by itself after this long. Edits are kept, and sent then.
    case offline(reason: String, retryIn: Duration)
    /// The token is not valid (any more): sign in again. Edits are kept.
    case signInNeeded(ServerError)
    /// The server said not to come back (`Protocol/close-codes.md`).
    case stopped(code: Int, reason: String)
    case closed
}
