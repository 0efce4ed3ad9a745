import Model
import Testing
import Wire

@Suite struct EnvelopeTests {
    private func read(_ text: String) throws(WireError) -> IncomingMessage {
        try IncomingMessage(bytes: Array(text.utf8))
    }

    private func single(_ text: String) throws -> Result<Request, Request.Unreadable> {
        guard case .single(let call) = try read(text) else {
            Issue.record("a batch")
            throw WireError(.internal, "")
        }
        return call
    }

    @Test func `a request comes back as it was written`() throws {
        for id in [nil, RequestID.null, .integer(-3), .string("a\"b")] {
            let request = Request(id: id, method: .heartbeat, params: ["rooms": [:]])
            let text = String(decoding: request.bytes, as: UTF8.self)
            #expect(try single(text).get() == request, "\(text)")
        }
    }

    @Test(arguments: [
        (#"{"jsonrpc":"2.0","id":1}"#, ErrorName.invalidRequest, RequestID.integer(1)),
        (#"{"jsonrpc":"1.0","id":1,"method":"x"}"#, .invalidRequest, .integer(1)),
        (#"{"id":1,"method":"x"}"#, .invalidRequest, .integer(1)),
        (#"{"jsonrpc":"2.0","id":[],"method":"x"}"#, .invalidRequest, .null),
        (#"{"jsonrpc":"2.0","id":1.5,"method":"x"}"#, .invalidRequest, .null),
        (#"{"jsonrpc":"2.0","id":"a","method":1}"#, .invalidRequest, .string("a")),
        (#"{"jsonrpc":"2.0","id":2,"method":"x","params":[1]}"#, .invalidParams, .integer(2)),
        ("3", .invalidRequest, .null),
    ])
    func `what is no request says so, under its id if that can be read`(
        _ text: String, _ name: ErrorName, _ id: RequestID
    ) throws {
        guard case .failure(let unreadable) = try single(text) else {
            Issue.record("taken: \(text)")
            return
        }
        #expect(unreadable.error.name == name)
        #expect(unreadable.id == id)
    }

    @Test(arguments: [
        ("", ErrorName.parse), ("{", .parse), (#"{"a":1,"a":2}"#, .parse), ("[]", .invalidRequest),
        (#"{"a":NaN}"#, .parse), (#"{"a":1e999}"#, .parse), ("\u{FEFF}{}", .parse),
        (String(repeating: "[", count: 100), .parse),
        ("[" + String(repeating: "1,", count: 50) + "1]", .invalidRequest),
        (#"{"a":""# + String(repeating: "x", count: 65_536) + "\"}", .tooLarge),
    ])
    func `what is no message at all says so`(_ text: String, _ name: ErrorName) {
        do throws(WireError) {
            _ = try read(text)
            Issue.record("taken")
        } catch {
            #expect(error.name == name)
        }
    }

    @Test func `a batch keeps good and bad calls in order`() throws {
        let message = try read(
            #"[{"jsonrpc":"2.0","id":1,"method":"a"},5,{"jsonrpc":"2.0","method":"b"}]"#)
        guard case .batch(let calls) = message else {
            Issue.record("not a batch")
            return
        }
        #expect(calls.count == 3)
        #expect((try? calls[0].get())?.method == "a")
        #expect((try? calls[1].get()) == nil)
        #expect((try? calls[2].get())?.id == nil)
    }
}
