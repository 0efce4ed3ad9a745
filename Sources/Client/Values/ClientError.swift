/// What can go wrong for an app.
public enum ClientError: Error, Hashable, Sendable {
    /// Not an address that this client can use; the second text says what is wrong with it.
    case badURL(String, String)
    /// The authorities to trust cannot be read; says which file and why.
    case badTLS(String)
    /// The process or the machine has no descriptors or memory left.
    case noResources(String)
    /// The server refused: what, where, what is allowed, what stands.
    case refused(ServerError)
    /// No answer in time. Whether the server did it is not known; a repetition is safe.
    case timedOut
    /// You are no longer in this room; the code is the server's (`fenced`, `forbidden` ...).
    case left(code: String, String)
    /// The server said that this client must not come back (`Protocol/close-codes.md`).
    case stopped(code: Int, String)
    /// Too many edits or calls wait for the server: memory is bounded.
    case tooMuchPending
    /// The client was closed.
    case closed
    /// The waiting task was cancelled; what it waited for goes on.
    case cancelled
    /// The server's answer does not have the protocol's shape.
    case unreadable(String)
}

extension ClientError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .badURL(let url, let why): "\(url) is no usable address: \(why)"
        case .badTLS(let why): why
        case .noResources(let why): why
        case .refused(let error): "\(error)"
        case .timedOut: "no answer in time"
        case .left(let code, let reason): "no longer in the room (\(code)): \(reason)"
        case .stopped(let code, let reason): "the server ended the connection (\(code)): \(reason)"
        case .tooMuchPending: "too much waits for the server already"
        case .closed: "the client is closed"
        case .cancelled: "cancelled"
        case .unreadable(let what): "an answer that cannot be read: \(what)"
        }
    }
}
