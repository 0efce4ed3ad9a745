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
        #expect(Self.status(of: Self.request(line: "HEAD /chat HTTP/1.1")) == 405)
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
            (replacing("Sec-WebSocket-Version", "13, 8"), 426),
        ])
    func doubled(text: String, status: Int) {
        #expect(Self.status(of: text) == status)
    }

    @Test(
        "RFC 6455 §4.2.1: the key is 16 bytes in base64",
        arguments: [
            "", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ===",
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
        let bytes = Self.request().bytes + Side.server.incoming(0x81, "Hello".bytes)
        for cut in 0...bytes.count {
            var requests = RequestParser()
            let early = bytes[..<cut]
            requests.receive(early.span)
            var request = try requests.next()
            var late = bytes[cut...]
            if request == nil {
                requests.receive(late.span)
                late = []
                request = try requests.next()
            }
            let head = try #require(request?.head)
            guard case .accepted = ServerHandshake.respond(to: head, subprotocols: []) else {
                return #expect(Bool(false), "rejected at \(cut)")
            }
            var connection = Side.server.connection()
            connection.receive(requests.takeUnconsumed())
            connection.receive(Array(late))
            #expect(connection.takeEvents() == [.text("Hello".bytes)], "cut \(cut)")
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
