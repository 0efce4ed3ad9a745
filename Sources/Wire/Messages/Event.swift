package import Model

/// A push. `Protocol/wire.md#events`; a test compares the types.
package struct Event: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        // Of rooms
        case delta, settled, joined, presence, playing, left
        // Of all other streams
        case opened, closed
        case notice, retracted, read, expired
        case activity
        case counters, comment
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
        Self.bytes(stream, kind, span, rawData: data.serialised())
    }

    /// The whole notification, of data that is encoded already.
    package static func bytes(
        _ stream: StreamName, _ kind: Kind, _ span: Span?, rawData: [UInt8]
    ) -> [UInt8] {
        var params = Array(#"{"s":"\#(stream.text)","#.utf8)
        params.reserveCapacity(params.count + rawData.count + 100)
        if let span {
            params += #""e":\#(span.epoch),"p":\#(span.from),"n":\#(span.through),"#.utf8
        }
        params += #""t":"\#(kind.rawValue)","d":"#.utf8
        params += rawData
        params.append(UInt8(ascii: "}"))
        return ServerMessage.notification(NotificationName.event, raw: params)
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

extension Event {
    /// A `joined` event whose data is encoded already.
    package static func joined(_ room: Identifier, rawResult: [UInt8]) -> [UInt8] {
        bytes(.room(room), .joined, nil, rawData: rawResult)
    }
}
