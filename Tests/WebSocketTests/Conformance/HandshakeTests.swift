import HTTP
import Testing
import WebSocket

@Suite struct HandshakeTests {
    private func head(
        _ change: (inout HeaderFields) -> Void = { _ in }, method: HTTP.Method = .get,
        version: HTTP.Version = .http11
    ) -> RequestHead {
        var headers: HeaderFields = [
            "Host": "server.example.com", "Upgrade": "WebSocket",
            "Connection": "keep-alive, Upgrade",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13",
        ]
        change(&headers)
        return RequestHead(
            method: method, path: "/chat", host: "server.example.com", version: version,
            headers: headers)
    }

    private func without(_ name: String, _ headers: HeaderFields) -> HeaderFields {
        var kept = HeaderFields()
        for field in headers.fields where field.name != name {
            kept.append(field.name, field.value)
        }
        return kept
    }

    private func rejection(_ head: RequestHead, _ ours: [String] = ["a", "b"]) -> Response? {
        guard case .rejected(let response) = ServerHandshake.respond(to: head, subprotocols: ours)
        else { return nil }
        return response
    }

    @Test("RFC 6455 §1.3: the example key and its answer")
    func example() {
        let outcome = ServerHandshake.respond(
            to: head({ $0.append("Sec-WebSocket-Protocol", "chat, superchat") }),
            subprotocols: ["chat"])
        let text =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            + "Sec-WebSocket-Protocol: chat\r\n\r\n"
        #expect(
            outcome
                == .accepted(
                    response: text.bytes, subprotocol: "chat", messageExtension: .none))
    }

    @Test(
        "RFC 6455 §4.2.2: the subprotocol is ours, the preferred first",
        arguments: [
            ([String](), String?.none), (["b, a"], "a"), (["x, b"], "b"), (["x", "b"], "b"),
        ])
    func subprotocols(offered: [String], chosen: String?) {
        let request = head { for line in offered { $0.append("Sec-WebSocket-Protocol", line) } }
        guard
            case .accepted(_, let subprotocol, _) = ServerHandshake.respond(
                to: request, subprotocols: ["a", "b"])
        else { return #expect(Bool(false), "rejected") }
        #expect(subprotocol == chosen)
    }

    @Test(
        "RFC 6455 §4.2.1: fields that are missing or wrong",
        arguments: [
            ("Upgrade", String?.none), ("Upgrade", "h2c"), ("Connection", nil),
            ("Connection", "close"),
            ("Sec-WebSocket-Key", nil), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ="),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=a"), ("Sec-WebSocket-Key", ""),
            ("Sec-WebSocket-Key", "d*hlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Version", nil),
            ("Sec-WebSocket-Protocol", "x, y"), ("Sec-WebSocket-Protocol", "a, a"),
            ("Sec-WebSocket-Protocol", "a b"),
        ])
    func badRequests(name: String, value: String?) throws {
        let request = head {
            $0 = without(name, $0)
            if let value { $0.append(name, value) }
        }
        let response = try #require(rejection(request))
        #expect(response.status == .badRequest && !response.body.isEmpty)
        if value == "x, y" {
            #expect(String(decoding: response.body, as: UTF8.self).contains("a, b"))
        }
    }

    @Test("RFC 6455 §4.1, §4.4: method, version of HTTP and of the protocol")
    func otherRefusals() throws {
        let post = try #require(rejection(head(method: .post)))
        #expect(post.status == .methodNotAllowed && post.headers["Allow"] == "GET")
        #expect(rejection(head(version: .http10))?.status == .badRequest)
        for version in ["8", "12", "013", "13, 8"] {
            let response = try #require(
                rejection(head { $0.set("Sec-WebSocket-Version", version) }))
            #expect(response.status == .upgradeRequired)
            #expect(response.headers["Sec-WebSocket-Version"] == "13")
        }
        #expect(
            rejection(head { $0.append("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==") }) != nil)
    }

    private let client = ClientHandshake(
        host: "server.example.com", target: "/chat?x", subprotocols: ["b", "a"],
        headers: ["Origin": "http://example.com"], keyBytes: "the sample nonce".bytes)

    @Test("RFC 6455 §4.1: what the client asks, the server grants and the client verifies")
    func roundTrip() throws {
        var requests = RequestParser()
        requests.receive(client.request.span)
        let request = try #require(try requests.next())
        #expect(request.head.headers["Sec-WebSocket-Key"] == "dGhlIHNhbXBsZSBub25jZQ==")
        #expect(request.head.query == "x" && request.head.headers["Origin"] == "http://example.com")
        guard
            case .accepted(let bytes, _, _) = ServerHandshake.respond(
                to: request.head, subprotocols: ["a"])
        else { return #expect(Bool(false), "rejected") }
        var responses = ResponseParser()
        responses.receive((bytes + [0x81, 0x00]).span)
        let response = try #require(try responses.next())
        #expect(try client.verify(response).subprotocol == "a")
        #expect(responses.takeUnconsumed() == [0x81, 0x00])
    }
}
