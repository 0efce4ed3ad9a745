package import Model

/// One call of a client, JSON-RPC 2.0 §4.
package struct Request: Hashable, Sendable {
    /// Nil for a notification, which gets no response.
    package var id: RequestID?
    package var method: String
    package var params: JSON.Object

    package init(id: RequestID?, method: Method, params: JSON.Object) {
        self.id = id
        self.method = method.rawValue
        self.params = params
    }

    /// A call that could not be read: the id, as far as it could, and the error to answer.
    package struct Unreadable: Error, Hashable, Sendable {
        package var id: RequestID
        package var error: WireError
    }

    package init(json: JSON) throws(Unreadable) {
        guard let object = json.object else {
            throw Self.invalid(.null, "a request is an object")
        }
        var id: RequestID?
        if let member = object["id"] {
            guard let readable = RequestID(json: member) else {
                throw Self.invalid(
                    .null, "id must be an integer, null, or text of at most 64 bytes")
            }
            id = readable
        }
        guard object["jsonrpc"]?.string == "2.0" else {
            throw Self.invalid(id ?? .null, "jsonrpc must be \"2.0\"")
        }
        guard let method = object["method"]?.string else {
            throw Self.invalid(id ?? .null, "method must be text")
        }
        self.id = id
        self.method = method
        switch object["params"] {
        case nil: params = [:]
        case .object(let object)?: params = object
        default:
            throw Unreadable(
                id: id ?? .null,
                error: WireError(
                    .invalidParams, "params must be an object", path: "", allowed: "object"))
        }
    }

    package var bytes: [UInt8] {
        var bytes = Array(#"{"jsonrpc":"2.0","#.utf8)
        if let id {
            bytes += #""id":"#.utf8
            bytes += id.json.serialised()
            bytes.append(UInt8(ascii: ","))
        }
        bytes += #""method":""#.utf8
        bytes += method.utf8
        bytes += #"","params":"#.utf8
        bytes += JSON.object(params).serialised()
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private static func invalid(_ id: RequestID, _ why: String) -> Unreadable {
        Unreadable(id: id, error: WireError(.invalidRequest, why))
    }
}

/// What one message of a client holds.
package enum IncomingMessage: Sendable {
    case single(Result<Request, Request.Unreadable>)
    /// One response array answers all; never empty.
    case batch([Result<Request, Request.Unreadable>])

    package init(bytes: [UInt8]) throws(WireError) {
        guard bytes.count <= Limits.messageBytesMax else {
            throw WireError(
                .tooLarge, "message of \(bytes.count) bytes",
                allowed: "\(Limits.messageBytesMax) bytes")
        }
        let json: JSON
        do {
            json = try JSON.parse(bytes)
        } catch {
            throw WireError(.parse, "\(error)")
        }
        guard case .array(let calls) = json else {
            self = .single(Self.read(json))
            return
        }
        guard 1...Limits.batchCallsMax ~= calls.count else {
            throw WireError(
                .invalidRequest, "batch of \(calls.count) calls",
                allowed: "1..\(Limits.batchCallsMax)")
        }
        self = .batch(calls.map(Self.read))
    }

    private static func read(_ json: JSON) -> Result<Request, Request.Unreadable> {
        Result { () throws(Request.Unreadable) in try Request(json: json) }
    }
}
