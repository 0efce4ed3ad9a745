import Model
import Wire

/// RFC 8259, RFC 8785, RFC 7396, and the envelope of `Protocol/wire.md`.
enum JSONEntries {
    static func json(_ bytes: [UInt8]) throws(FuzzFailure) {
        guard let json = try? JSON.parse(bytes) else { return }
        let text = json.serialised()
        let again = try? JSON.parse(text, limits: .trusted)
        try FuzzFailure.check(again == json, "what is written is read back")
        try FuzzFailure.check(again?.serialised() == text, "equal values are written equally")
        let canonical = json.canonical()
        try FuzzFailure.check(
            (try? JSON.parse(canonical, limits: .trusted))?.canonical() == canonical,
            "the canonical text of the canonical text is itself (RFC 8785)")
        guard let pair = json.array, pair.count == 2 else { return }
        var merged = pair[0]
        merged.merge(pair[1])
        var twice = merged
        twice.merge(pair[1])
        try FuzzFailure.check(merged == twice, "a patch changes nothing the second time")
    }

    static func envelope(_ bytes: [UInt8]) throws(FuzzFailure) {
        let message: IncomingMessage
        do {
            message = try IncomingMessage(bytes: bytes)
        } catch {
            return try check(.failure(.null, error))
        }
        switch message {
        case .single(let call): try check(call)
        case .batch(let calls):
            try FuzzFailure.check(
                1...Limits.batchCallsMax ~= calls.count, "a batch is bounded and not empty")
            for call in calls { try check(call) }
        }
    }

    private static func check(
        _ call: Result<Request, Request.Unreadable>
    ) throws(FuzzFailure) {
        switch call {
        case .failure(let unreadable):
            try check(.failure(unreadable.id, unreadable.error))
        case .success(let request):
            try checkParams(request)
            guard let method = Method(rawValue: request.method) else { return }
            let again = Request(id: request.id, method: method, params: request.params)
            guard let read = try? IncomingMessage(bytes: again.bytes),
                case .single(.success(again)) = read
            else {
                // An integer id may take more bytes than it came with, so the size may be met.
                return try FuzzFailure.check(
                    again.bytes.count > Limits.messageBytesMax, "a call is read back")
            }
        }
    }

    private static func checkParams(_ request: Request) throws(FuzzFailure) {
        do throws(WireError) {
            let edit = try EditRequest(request.params)
            let again = try EditRequest(edit.json)
            guard again == edit else { throw WireError(.internal, "an edit is not read back") }
        } catch {
            try FuzzFailure.check(error.name != .internal, error.message)
            try check(.failure(request.id ?? .null, error))
        }
        do throws(WireError) {
            let join = try JoinRequest(request.params)
            let again = try JoinRequest(join.json)
            guard again == join else { throw WireError(.internal, "a join is not read back") }
        } catch {
            try FuzzFailure.check(error.name != .internal, error.message)
            try check(.failure(request.id ?? .null, error))
        }
    }

    /// An answer is one that a client can read, and is not larger than what was asked by much.
    static func check(_ answer: ServerMessage) throws(FuzzFailure) {
        let bytes = answer.bytes
        try FuzzFailure.check(
            ServerMessage.read(bytes)?.count == 1, "an answer can be read")
        try FuzzFailure.check(bytes.count <= 32_768, "an answer is bounded")
    }
}
