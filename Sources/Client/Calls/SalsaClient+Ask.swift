import Model
import Transport
import Wire

extension SalsaClient {
    /// A call and its typed answer. A write gets its `opId` here: the call stands until it is
    /// answered, on the next socket too, so a repetition after a lost connection does it once.
    ///
    /// - Parameter member: where in the result the answer is; the whole of it if left out.
    func ask<Answer: Decodable>(
        _ method: Method, _ params: KeyValuePairs<String, any Param> = [:],
        at member: String? = nil, as type: Answer.Type = Answer.self
    ) async throws(ClientError) -> Answer {
        try await answer(method, JSON.Object(params), at: member)
    }

    /// A call whose answer says nothing more than that it was done.
    func ask(
        _ method: Method, _ params: KeyValuePairs<String, any Param> = [:]
    ) async throws(ClientError) {
        _ = try await result(method, JSON.Object(params))
    }

    func answer<Answer: Decodable>(
        _ method: Method, _ params: JSON.Object, at member: String? = nil
    ) async throws(ClientError) -> Answer {
        let result = try await result(method, params)
        guard let part = member.map({ result[$0] }) ?? result else {
            throw .unreadable("\(method.rawValue): \(member ?? "") is missing")
        }
        do {
            return try part.decoded(as: Answer.self)
        } catch {
            throw .unreadable("\(method.rawValue): \(error)")
        }
    }

    private func result(
        _ method: Method, _ params: JSON.Object
    ) async throws(ClientError) -> JSON {
        var params = params
        if method.description.params.contains(where: { $0.name == "opId" }) {
            params["opId"] = .string(Self.newOperation())
        }
        return try await call(method, params)
    }

    /// For a write: sent again with the same one, it happens once.
    static func newOperation() -> String {
        func word(_ bytes: some Sequence<UInt8>) -> UInt64 {
            bytes.reduce(0) { $0 << 8 | UInt64($1) }
        }
        let random = RandomBytes.make(16)
        let id = Identifier(
            timeMs: EventLoop.wallClockMs, random: (word(random.prefix(8)), word(random.suffix(8))))
        return id.description
    }
}
