import Model
import Wire

/// Where the answer to a call goes.
struct Reply: Sendable {
    let peer: PeerAddress
    /// Nil for a notification, which gets none.
    let id: RequestID?
    /// The batch that the call came in.
    let batch: Int?
}

/// An answer, as a tree or encoded already.
enum Answer: Sendable {
    case json(JSON)
    case raw([UInt8])
    case failure(WireError)

    func bytes(for id: RequestID) -> [UInt8] {
        switch self {
        case .json(let json): ServerMessage.result(id, json).bytes
        case .raw(let raw): ServerMessage.result(id, raw: raw)
        case .failure(let error): ServerMessage.failure(id, error).bytes
        }
    }

    init(_ result: Result<JSON, WireError>) {
        switch result {
        case .success(let json): self = .json(json)
        case .failure(let error): self = .failure(error)
        }
    }
}
