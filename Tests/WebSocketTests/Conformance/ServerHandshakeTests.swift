import HTTP
import Testing
import WebSocket

/// RFC 6455 §4.2: requests as bytes, through the HTTP parser, to the answer.
@Suite struct ServerHandshakeTests {
    private static let fields: [(String, String)] = [
        ("Host", "server.example.com"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Version", "13"),
    ]

    private static func request(
        _ fields: [(String, String)] = fields, line: String = "GET /chat HTTP/1.1"
    ) -> String {
        line + "\r\n" + fields.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n"
    }

    private static func replacing(_ name: String, _ values: String...) -> String {
        request(fields.filter { $0.0 != name } + values.map { (name, $0) })
    }

    /// The status of the answer: of the parser, or of the handshake.
    private static func status(of text: String) -> Int {
        answer(to: text.bytes[...]).map(\.status.code) ?? 0
    }

    private static func answer(to bytes: ArraySlice<UInt8>) -> Response? {
        var requests = RequestParser()
        requests.receive(bytes.span)
        do throws(ParseError) {
            guard let request = try requests.next() else { return nil }
            switch ServerHandshake.respond(to: request.head, subprotocols: ["a", "b"]) {
            case .rejected(let response): return response
            case .accepted(let bytes, _, _):
                var responses = ResponseParser()
                responses.receive(bytes.span)
                return try responses.next()
            }
        } catch {
            return Response(status: error.status)
        }
    }

    @Test("RFC 6455 §1.3: the example key and its answer")
    func example() throws {
        var requests = RequestParser()
        requests.receive(
            Self.replacing("Sec-WebSocket-Protocol", "chat, superchat").bytes.span)
        let head = try #require(try requests.next()?.head)
        let text =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            + "Sec-WebSocket-Protocol: chat\r\n\r\n"
        #expect(
            ServerHandshake.respond(to: head, subprotocols: ["chat"])
                == .accepted(
                    response: text.bytes, subprotocol: "chat", messageExtension: .none))
    }

    @Test(
        "RFC 6455 §4.2.2: the subprotocol is ours, the preferred first",
        arguments: [
            ([String](), String?.none), (["b, a"], "a"), (["x, b"], "b"), (["x", "b"], "b"),
        ])
    func subprotocols(offered: [String], chosen: String?) throws {
        let text = Self.request(Self.fields + offered.map { ("Sec-WebSocket-Protocol", $0) })
        let response = try #require(Self.answer(to: text.bytes[...]))
        #expect(response.status == .switchingProtocols)
        #expect(response.headers["Sec-WebSocket-Protocol"] == chosen)
    }

    @Test(
        "RFC 6455 §4.2.1: fields that are missing or wrong",
        arguments: [
            replacing("Upgrade"), replacing("Upgrade", "h2c"), replacing("Connection"),
            replacing("Connection", "close"), replacing("Sec-WebSocket-Key"),
            replacing("Sec-WebSocket-Version"), replacing("Sec-WebSocket-Protocol", "x, y"),
            replacing("Sec-WebSocket-Protocol", "a, a"),
            replacing("Sec-WebSocket-Protocol", "a b"),
        ])
    func badFields(text: String) throws {
        let response = try #require(Self.answer(to: text.bytes[...]))
        #expect(response.status == .badRequest && !response.body.isEmpty)
        // Who offers only others is told what there is.
        if text.contains("x, y") {
            #expect(String(decoding: response.body, as: UTF8.self).contains("a, b"))
        }
    }

    @Test(
        "RFC 6455 §4.1, §4.4: another version is answered with 426 and ours",
        arguments: ["8", "12", "013", "13, 8"])
    func otherVersions(version: String) throws {
        let text = Self.replacing("Sec-WebSocket-Version", version)
        let response = try #require(Self.answer(to: text.bytes[...]))
        #expect(response.status == .upgradeRequired)
        #expect(response.headers["Sec-WebSocket-Version"] == "13")
    }

    @Test(
        "RFC 6455 §4.2.1: names and tokens in any case, lists, and repeated fields are one",
        arguments: [
            request(fields.map { ($0.0.lowercased(), $0.1) }),
            request(fields.map { ($0.0.uppercased(), $0.1) }),
            replacing("Upgrade", "WebSocket"), replacing("Upgrade", "h2c, WEBSOCKET"),
            replacing("Upgrade", "h2c", "websocket"),
            replacing("Connection", "keep-alive, upgrade"),
            replacing("Connection", "keep-alive", "UPGRADE"),
            replacing("Connection", ",, Upgrade ,"), replacing("Connection", "\tUpgrade \t"),
            replacing("Sec-WebSocket-Protocol", "x, a"),
            replacing("Sec-WebSocket-Protocol", "x", "a"),
        ])
    func spellings(text: String) {
        #expect(Self.status(of: text) == 101)
    }

    @Test("RFC 6455 §4.2.1: other fields are ignored, asked for or not")
    func otherFields() throws {
        let others = [
            ("Cookie", "a=b"), ("Authorization", "Basic x"), ("X-Unknown", "1"),
            ("Sec-WebSocket-Extensions", "x-unknown; a=1, y-unknown"),
            ("Sec-WebSocket-Accept", "of no meaning here"), ("Origin", "http://example.com"),
        ]
        let response = try #require(Self.answer(to: Self.request(Self.fields + others).bytes[...]))
        #expect(response.status == .switchingProtocols)
        // §9.1: an extension that is not understood is not agreed to.
        #expect(!response.headers.contains("Sec-WebSocket-Extensions"))
    }

    @Test("RFC 6455 §4.2.1: HTTP/1.1 or higher, GET, and nothing else")
    func requestLine() {
        #expect(Self.status(of: Self.request(line: "GET /chat HTTP/1.1")) == 101)
        #expect(Self.status(of: Self.request(line: "GET /chat HTTP/1.2")) == 101)
        #expect(Self.status(of: Self.request(line: "GET http://h/chat HTTP/1.1")) == 101)
        #expect(Self.status(of: Self.request(line: "GET /chat HTTP/1.0")) == 400)
        #expect(Self.status(of: Self.request(line: "GET /chat HTTP/2.0")) == 505)
        for method in ["HEAD", "POST"] {
            let text = Self.request(line: "\(method) /chat HTTP/1.1")
            let response = Self.answer(to: text.bytes[...])
            #expect(response?.status == .methodNotAllowed && response?.headers["Allow"] == "GET")
        }
        #expect(Self.status(of: Self.request(line: "GET chat HTTP/1.1")) == 400)
    }

    @Test(
        "RFC 6455 §11.3.1, §11.3.5: key and version come once",
        arguments: [
            (
                replacing(
                    "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=="),
                400
            ),
            (replacing("Sec-WebSocket-Version", "13", "13"), 426),
        ])
    func doubled(text: String, status: Int) {
        #expect(Self.status(of: text) == status)
    }

    @Test(
        "RFC 6455 §4.2.1: the key is 16 bytes in base64",
        arguments: [
            "", "d*hlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=a",
            "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ===",
            "dGhlIHNhbXBsZSBub25jZVE=", "dGhlIHNhbXBsZSBub25j", "dGhlIHNhbXBsZSBub25j_-==",
            "dGhlIHNhbXBsZSBub25jZQ==dGhlIHNhbXBsZSBub25jZQ==", "dGhl IHNhbXBsZSBub25jZQ==",
        ])
    func badKeys(key: String) {
        #expect(Self.status(of: Self.replacing("Sec-WebSocket-Key", key)) == 400)
    }

    @Test(
        "RFC 6455 §4.2.1, RFC 9112 §3, §5, §6: handshakes whose HTTP is refused",
        arguments: [
            // obs-fold
            (replacing("Connection", "keep-alive,\r\n Upgrade"), 400),
            // two answers to where it ends
            (replacing("Content-Length", "0").replacingEnd("Transfer-Encoding: chunked"), 400),
            (request().replacingEnd("Host: other"), 400), (replacing("Host"), 400),
            (request().replacingEnd("X: " + String(repeating: "x", count: 9_000)), 431),
            (request().replacingEnd(String(repeating: "X: y\r\n", count: 100) + "X: y"), 431),
            (request(line: "GET /" + String(repeating: "x", count: 9_000) + " HTTP/1.1"), 414),
            (request().replacingEnd("X : y"), 400), (request().replacingEnd("X: a\0b"), 400),
        ])
    func badHTTP(text: String, status: Int) {
        #expect(Self.status(of: text) == status)
    }

    @Test("RFC 6455 §4.2.2: a request cut at every byte is answered, the frames behind it read")
    func everySplit() throws {
        try expectEveryCut(RequestParser(), Side.server, Self.request().bytes) { request in
            guard case .accepted = ServerHandshake.respond(to: request.head, subprotocols: [])
            else { return false }
            return true
        }
    }

    @Test("RFC 6455 §4.2.2: the 101 has each of its fields once, and no body")
    func response() throws {
        let response = try #require(
            Self.answer(to: Self.replacing("Sec-WebSocket-Protocol", "b").bytes[...]))
        for (name, value) in [
            ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Protocol", "b"),
            ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        ] {
            #expect(response.headers.values(of: name) == [value])
        }
        #expect(!response.headers.contains("Content-Length") && response.body.isEmpty)
        // §4.2.2, 5.5: not asked for, not answered.
        let plain = try #require(Self.answer(to: Self.request().bytes[...]))
        #expect(!plain.headers.contains("Sec-WebSocket-Protocol"))
    }
}

extension String {
    /// A head with one more line before its end.
    fileprivate func replacingEnd(_ line: String) -> String {
        dropLast(1) + line + "\r\n\r\n"
    }
}
