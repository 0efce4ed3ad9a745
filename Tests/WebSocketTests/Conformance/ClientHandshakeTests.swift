import HTTP
import Testing
import WebSocket

/// RFC 6455 §4.1: what a client asks, and each of the six steps by which it judges the answer.
@Suite struct ClientHandshakeTests {
    private static func handshake(_ subprotocols: [String] = ["b", "a"]) -> ClientHandshake {
        ClientHandshake(
            host: "server.example.com:8080", target: "/chat?x", subprotocols: subprotocols,
            headers: ["Origin": "http://example.com"], keyBytes: "the sample nonce".bytes)
    }

    private static let accepted = [
        "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
    ]

    private static func bytes(
        _ lines: [String], status: String = "101 Switching Protocols"
    ) -> [UInt8] {
        Array((["HTTP/1.1 " + status] + lines + ["", ""]).joined(separator: "\r\n").utf8)
    }

    /// What the client makes of an answer with these lines.
    private static func outcome(
        _ lines: [String], status: String = "101 Switching Protocols",
        subprotocols: [String] = ["b", "a"]
    ) throws -> Result<String?, ClientHandshakeError> {
        var responses = ResponseParser()
        responses.receive(bytes(lines, status: status).span)
        responses.eof()
        let response = try #require(try responses.next())
        return Result { () throws(ClientHandshakeError) in
            try handshake(subprotocols).verify(response).subprotocol
        }
    }

    @Test("RFC 6455 §4.1: the request has each field that a server needs, once")
    func request() throws {
        var requests = RequestParser()
        requests.receive(Self.handshake().request.span)
        let head = try #require(try requests.next()?.head)
        #expect(head.method == .get && head.version == .http11 && head.target == "/chat?x")
        for (name, value) in [
            ("Host", "server.example.com:8080"), ("Upgrade", "websocket"),
            ("Connection", "Upgrade"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Protocol", "b, a"),
            ("Origin", "http://example.com"),
        ] {
            #expect(head.headers.values(of: name) == [value])
        }
        #expect(requests.unconsumedByteCount == 0)
    }

    @Test(
        "RFC 6455 §4.1: answers that open, in any spelling",
        arguments: [
            accepted, accepted.map { $0.replacing("websocket", with: "WEBSOCKET") },
            ["upgrade: WebSocket", "connection: keep-alive, upgrade", accepted[2]],
            [accepted[0], "Connection: keep-alive", accepted[1], accepted[2]],
            [accepted[0], accepted[1], "sec-websocket-accept:\ts3pPLMBiTxaQ9kYGzzhZRbK+xOo= "],
            accepted + ["Server: x", "Set-Cookie: a=b"],
        ])
    func opens(lines: [String]) throws {
        #expect(try Self.outcome(lines) == .success(nil))
    }

    @Test("RFC 6455 §4.1, step 1: a status other than 101 is HTTP, and handed on")
    func step1() throws {
        for status in ["200 OK", "301 Moved", "401 Unauthorized", "426 Upgrade", "503 Busy"] {
            guard case .failure(.refused(let response)) = try Self.outcome([], status: status)
            else {
                Issue.record("\(status) opened")
                continue
            }
            #expect(String(response.status.code) == status.prefix(3))
        }
    }

    @Test(
        "RFC 6455 §4.1, steps 2 to 4: Upgrade, Connection and Accept, missing or wrong",
        arguments: [
            ([accepted[1], accepted[2]], ClientHandshakeError.missingUpgrade),
            (["Upgrade: h2c", accepted[1], accepted[2]], .missingUpgrade),
            (["Upgrade: websockets", accepted[1], accepted[2]], .missingUpgrade),
            ([accepted[0], accepted[2]], .missingConnection),
            ([accepted[0], "Connection: close", accepted[2]], .missingConnection),
            ([accepted[0], accepted[1]], .wrongAccept),
            ([accepted[0], accepted[1], "Sec-WebSocket-Accept:"], .wrongAccept),
            // The key itself, another case, and of another key.
            (
                [accepted[0], accepted[1], "Sec-WebSocket-Accept: dGhlIHNhbXBsZSBub25jZQ=="],
                .wrongAccept
            ),
            (
                [accepted[0], accepted[1], "Sec-WebSocket-Accept: S3PPLMBITXAQ9KYGZZHZRBK+XOO="],
                .wrongAccept
            ),
            (accepted + [accepted[2]], .wrongAccept),
        ])
    func steps2to4(lines: [String], error: ClientHandshakeError) throws {
        #expect(try Self.outcome(lines) == .failure(error))
    }

    @Test(
        "RFC 6455 §4.1, step 5: an extension that was not asked for",
        arguments: ["x-unknown; a=1", "permessage-deflate", ""])
    func step5(answer: String) throws {
        let lines = Self.accepted + ["Sec-WebSocket-Extensions: \(answer)"]
        #expect(throws: ClientHandshakeError.self) { try Self.outcome(lines).get() }
    }

    @Test("RFC 6455 §4.1, step 6: a subprotocol that was not asked for, or more than one")
    func step6() throws {
        func outcome(_ values: [String], _ asked: [String]) throws -> Result<
            String?, ClientHandshakeError
        > {
            let lines = values.map { "Sec-WebSocket-Protocol: " + $0 }
            return try Self.outcome(Self.accepted + lines, subprotocols: asked)
        }
        let unasked = ClientHandshakeError.unaskedSubprotocol
        #expect(try outcome(["a"], ["b", "a"]) == .success("a"))
        #expect(try outcome(["a"], []) == .failure(unasked))
        #expect(try outcome(["c"], ["b", "a"]) == .failure(unasked))
        #expect(try outcome(["A"], ["b", "a"]) == .failure(unasked))
        #expect(try outcome(["a, b"], ["b", "a"]) == .failure(unasked))
        #expect(try outcome(["a", "a"], ["b", "a"]) == .failure(unasked))
        #expect(try outcome([""], ["b", "a"]) == .failure(unasked))
    }

    @Test("RFC 6455 §4.1: an answer cut at every byte opens, the frames behind it are read")
    func everySplit() throws {
        try expectEveryCut(ResponseParser(), Side.client, Self.bytes(Self.accepted)) { response in
            try Self.handshake().verify(response).subprotocol == nil
        }
    }

    @Test("RFC 6455 §4.1: what the client asks, the server grants and the client verifies")
    func roundTrip() throws {
        var requests = RequestParser()
        requests.receive(Self.handshake().request.span)
        let request = try #require(try requests.next())
        guard
            case .accepted(let bytes, "a", _) = ServerHandshake.respond(
                to: request.head, subprotocols: ["a"])
        else { return #expect(Bool(false), "rejected") }
        var responses = ResponseParser()
        responses.receive(bytes.span)
        let response = try #require(try responses.next())
        #expect(try Self.handshake().verify(response).subprotocol == "a")
    }
}
