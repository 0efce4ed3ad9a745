package import Model

/// A push. `Protocol/wire.md#events`; a test compares the types.
package struct Event: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case delta, settled, joined, presence, playing, left
    }

    /// Where a durable event takes a client: from number `from` to `through` of an epoch.
    package struct Span: Hashable, Sendable {
        package var epoch: Int64
        package var from: Int64
        package var through: Int64

        package init(epoch: Int64, from: Int64, through: Int64) {
            self.epoch = epoch
            self.from = from
            self.through = through
        }
    }

    package var stream: StreamName
    package var kind: Kind
    package var span: Span?
    package var data: JSON

    package init(stream: StreamName, kind: Kind, span: Span? = nil, data: JSON) {
        self.stream = stream
        self.kind = kind
        self.span = span
        self.data = data
    }

    /// The whole notification.
    package var bytes: [UInt8] {
        var writer = JSON.Writer()
        writer.beginObject()
        writer.key("s")
        writer.value(.string(stream.text))
        if let span {
            writer.key("e")
            writer.value(.integer(span.epoch))
            writer.key("p")
            writer.value(.integer(span.from))
            writer.key("n")
            writer.value(.integer(span.through))
        }
        writer.key("t")
        writer.value(.string(kind.rawValue))
        writer.key("d")
        writer.value(data)
        writer.endObject()
        return ServerMessage.notification(NotificationName.event, raw: writer.bytes)
    }

    /// Reads the params of an `event`; nil for a type or stream that this version does not know.
    package init?(params: JSON.Object) {
        guard let stream = params["s"]?.string.flatMap(StreamName.init(text:)),
            let kind = params["t"]?.string.flatMap(Kind.init), let data = params["d"]
        else { return nil }
        self.stream = stream
        self.kind = kind
        self.data = data
        if let epoch = params["e"]?.int, let from = params["p"]?.int,
            let through = params["n"]?.int
        {
            span = Span(epoch: epoch, from: from, through: through)
        }
    }
}

/// The stable name of a stream.
package enum StreamName: Hashable, Sendable {
    case room(Identifier)

    package var text: String {
        switch self {
        case .room(let pattern): "room:\(pattern)"
        }
    }

    package init?(text: String) {
        guard text.hasPrefix("room:"), let id = Identifier(text.dropFirst(5)) else { return nil }
        self = .room(id)
    }
}

extension Event {
    /// A `joined` event whose data is encoded already.
    package static func joined(_ room: Identifier, rawResult: [UInt8]) -> [UInt8] {
        let head = #"{"s":"\#(StreamName.room(room).text)","t":"joined","d":"#
        return ServerMessage.notification(
            NotificationName.event, raw: Array(head.utf8) + rawResult + Array("}".utf8))
    }
}
