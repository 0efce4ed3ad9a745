import Model
import Wire

/// Something that was committed and that some streams tell of: encoded once, whoever gets it.
/// `Protocol/notifications.md#streams-and-delivery`.
struct Publication: Hashable, Sendable {
    let topic: StreamTopic
    let kind: Event.Kind
    /// Nil for what is latest-wins: it may be dropped.
    let span: Event.Span?
    /// JSON of the event's data.
    let data: [UInt8]
    /// Nil for everybody who is subscribed.
    var readers: Set<Identifier>?
    /// Whoever has a block with one of these does not get it.
    var about: [Identifier] = []

    init(
        _ topic: StreamTopic, _ kind: Event.Kind, _ span: Event.Span? = nil, data: [UInt8],
        readers: Set<Identifier>? = nil, about: [Identifier] = []
    ) {
        self.topic = topic
        self.kind = kind
        self.span = span
        self.data = data
        self.readers = readers
        self.about = about
    }

    func bytes(in stream: StreamName) -> [UInt8] {
        Event.bytes(stream, kind, span, rawData: data)
    }

    var isForEverybody: Bool { readers == nil }

    func isFor(_ user: Identifier?, blocks: Set<Identifier>) -> Bool {
        if let readers {
            guard let user, readers.contains(user) else { return false }
        }
        return blocks.isEmpty || about.allSatisfy { !blocks.contains($0) }
    }
}

/// What streams subscribe to.
enum StreamTopic: Hashable, Sendable {
    /// A user's inbox.
    case inbox(Identifier)
    /// What somebody does, for the feeds of those who follow them.
    case author(Identifier)
    /// How a pattern fares.
    case pattern(Identifier)
    /// Whom a user follows, and with whom they have a block.
    case relations(Identifier)
    /// Whether the patterns of this owner are there at all.
    case owner(Identifier)

    /// In which of a peer's streams a publication is told.
    var stream: StreamName? {
        switch self {
        case .inbox: .inbox
        case .author: .feed
        case .pattern(let id): .pattern(id)
        case .relations, .owner: nil
        }
    }
}
