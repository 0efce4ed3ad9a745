package import Model

/// The stable name of a stream. `Protocol/notifications.md#streams-and-delivery`.
package enum StreamName: Hashable, Sendable {
    /// What is done in a pattern's room; `room.join` opens it.
    case room(Identifier)
    /// How a pattern fares: its counters and comments.
    case pattern(Identifier)
    /// What happened to the user.
    case inbox
    /// What the people do whom the user follows.
    case feed

    package var text: String {
        switch self {
        case .room(let pattern): "room:\(pattern)"
        case .pattern(let pattern): "pattern:\(pattern)"
        case .inbox: "inbox"
        case .feed: "feed"
        }
    }

    package init?(text: String) {
        switch text {
        case "inbox": self = .inbox
        case "feed": self = .feed
        default:
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let id = Identifier(parts[1]) else { return nil }
            switch parts[0] {
            case "room": self = .room(id)
            case "pattern": self = .pattern(id)
            default: return nil
            }
        }
    }
}
