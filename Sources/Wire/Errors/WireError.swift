package import Model

/// An error as a client gets it: what was wrong, where, what is allowed, what stands.
package struct WireError: Error, Hashable, Sendable {
    package var name: ErrorName
    package var message: String
    /// A JSON pointer, into the document for edits, into `params` otherwise.
    package var path: String?
    package var allowed: String?
    /// The value that stands.
    package var value: JSON?
    package var retryAfterMs: Int64?

    package init(
        _ name: ErrorName, _ message: String, path: String? = nil, allowed: String? = nil,
        value: JSON? = nil, retryAfterMs: Int64? = nil
    ) {
        self.name = name
        self.message = message
        self.path = path
        self.allowed = allowed
        self.value = value
        self.retryAfterMs = retryAfterMs
    }

    /// The `error` member of a response.
    package var json: JSON {
        var data: JSON.Object = [
            "code": .string(name.rawValue), "retryable": .bool(name.isRetryable),
        ]
        details(into: &data)
        return [
            "code": .integer(name.code), "message": .string(message), "data": .object(data),
        ]
    }

    /// Reads the `error` member of a response; an error that this version does not know counts as
    /// `internal` and keeps its message.
    package init(json: JSON) {
        let data = json.object?["data"]?.object ?? [:]
        name = data["code"]?.string.flatMap(ErrorName.init) ?? .internal
        message = json.object?["message"]?.string ?? "error without a message"
        readDetails(from: data)
    }

    func details(into object: inout JSON.Object) {
        if let path { object["path"] = .string(path) }
        if let allowed { object["allowed"] = .string(allowed) }
        if let value { object["value"] = value }
        if let retryAfterMs { object["retryAfterMs"] = .integer(retryAfterMs) }
    }

    mutating func readDetails(from object: JSON.Object) {
        path = object["path"]?.string
        allowed = object["allowed"]?.string
        value = object["value"]
        retryAfterMs = object["retryAfterMs"]?.int
    }
}

extension WireError {
    package static var notJoined: WireError {
        WireError(.notJoined, "join the room first", path: "/room")
    }

    package static var readOnly: WireError {
        WireError(
            .readOnly, "the disk does not take writes now",
            retryAfterMs: Int64(Limits.readOnlyRetryMs))
    }
}
