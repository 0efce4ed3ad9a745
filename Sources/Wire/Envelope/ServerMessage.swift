package import Model

/// What a server sends.
package enum ServerMessage: Sendable {
    case result(RequestID, JSON)
    case failure(RequestID, WireError)
    case notification(method: String, params: JSON.Object)

    package var bytes: [UInt8] {
        switch self {
        case .result(let id, let result): Self.result(id, raw: result.serialised())
        case .failure(let id, let error):
            Self.envelope(id, member: "error", raw: error.json.serialised())
        case .notification(let method, let params):
            Self.notification(method, raw: JSON.object(params).serialised())
        }
    }

    /// A response whose result is encoded already.
    package static func result(_ id: RequestID, raw: [UInt8]) -> [UInt8] {
        envelope(id, member: "result", raw: raw)
    }

    package static func notification(_ method: String, raw params: [UInt8]) -> [UInt8] {
        var bytes = Array(#"{"jsonrpc":"2.0","method":""#.utf8)
        bytes.reserveCapacity(bytes.count + params.count + 40)
        bytes += method.utf8
        bytes += #"","params":"#.utf8
        bytes += params
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private static func envelope(_ id: RequestID, member: String, raw: [UInt8]) -> [UInt8] {
        var bytes = Array(#"{"jsonrpc":"2.0","id":"#.utf8)
        bytes.reserveCapacity(bytes.count + raw.count + 90)
        bytes += id.json.serialised()
        bytes += ",\"".utf8
        bytes += member.utf8
        bytes += "\":".utf8
        bytes += raw
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// What a client received: one message, or the responses of a batch. Nil when it is not ours.
    package static func read(_ bytes: [UInt8]) -> [ServerMessage]? {
        guard let json = try? JSON.parse(bytes, limits: .trusted) else { return nil }
        if case .array(let all) = json {
            let messages = all.compactMap(ServerMessage.init(json:))
            return messages.count == all.count ? messages : nil
        }
        return ServerMessage(json: json).map { [$0] }
    }

    private init?(json: JSON) {
        guard let object = json.object else { return nil }
        if let method = object["method"]?.string {
            self = .notification(method: method, params: object["params"]?.object ?? [:])
            return
        }
        guard let id = object["id"].flatMap(RequestID.init(json:)) else { return nil }
        if let result = object["result"] {
            self = .result(id, result)
        } else if let error = object["error"] {
            self = .failure(id, WireError(json: error))
        } else {
            return nil
        }
    }
}
