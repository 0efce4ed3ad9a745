import HTTP
import Testing
import WebSocket

@Suite struct NegotiationTests {
    /// Asks for nothing of its own.
    private static let open = DeflateConfiguration(limits: DeflateParameters())
    private static let narrow = DeflateConfiguration(
        limits: DeflateParameters(serverMaxWindowBits: 11, clientMaxWindowBits: 12))

    private static func respond(
        _ lines: [String], _ configuration: DeflateConfiguration?,
        headerName: String = "Sec-WebSocket-Extensions"
    ) -> ServerHandshake.Outcome {
        var headers: HeaderFields = [
            "Host": "a", "Upgrade": "websocket", "Connection": "Upgrade",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13",
        ]
        for line in lines { headers.append(headerName, line) }
        let head = RequestHead(
            method: .get, path: "/", host: "a", version: .http11, headers: headers)
        return ServerHandshake.respond(to: head, subprotocols: [], compression: configuration)
    }

    /// The answer's header; nil without one, "rejected" for a refusal.
    private static func answer(
        _ lines: [String], _ configuration: DeflateConfiguration?,
        headerName: String = "Sec-WebSocket-Extensions"
    ) throws -> (text: String?, messageExtension: MessageExtension) {
        switch respond(lines, configuration, headerName: headerName) {
        case .rejected(let response):
            #expect(response.status == .badRequest)
            return ("rejected", .none)
        case .accepted(let bytes, _, let messageExtension):
            var parser = ResponseParser()
            parser.receive(bytes.span)
            let response = try #require(try parser.next())
            return (response.headers["Sec-WebSocket-Extensions"], messageExtension)
        }
    }

    private static let base = "permessage-deflate"

    @Test(
        "RFC 7692 §7.1: what the server answers to an offer",
        arguments: [
            ("", ""), ("; server_no_context_takeover", "; server_no_context_takeover"),
            ("; client_no_context_takeover", "; client_no_context_takeover"),
            ("; server_max_window_bits=9", "; server_max_window_bits=9"),
            ("; server_max_window_bits=15", "; server_max_window_bits=15"),
            ("; server_max_window_bits=\"10\"", "; server_max_window_bits=10"),
            ("; server_max_window_bits=\"1\\0\"", "; server_max_window_bits=10"),
            (" ;\tserver_max_window_bits = 10 ", "; server_max_window_bits=10"),
            ("; client_max_window_bits", ""), ("; client_max_window_bits=15", ""),
            ("; client_max_window_bits=9", "; client_max_window_bits=9"),
            ("; client_max_window_bits=8", ""),
            (
                "; client_max_window_bits=10; server_max_window_bits=12; "
                    + "client_no_context_takeover; server_no_context_takeover",
                "; server_no_context_takeover; client_no_context_takeover"
                    + "; server_max_window_bits=12; client_max_window_bits=10"
            ),
        ])
    func accepted(offer: String, expected: String) throws {
        let (text, messageExtension) = try Self.answer([Self.base + offer], Self.open)
        #expect(text == Self.base + expected)
        #expect(messageExtension != .none)
    }

    @Test(
        "RFC 7692 §7.1: offers that are declined",
        arguments: [
            "; unknown", "; server_no_context_takeover=1", "; client_no_context_takeover=\"x\"",
            "; server_no_context_takeover; server_no_context_takeover",
            "; client_no_context_takeover; client_no_context_takeover",
            "; server_max_window_bits=9; server_max_window_bits=9",
            "; client_max_window_bits; client_max_window_bits=9",
            "; server_max_window_bits", "; server_max_window_bits=8",
            "; server_max_window_bits=7", "; server_max_window_bits=16",
            "; server_max_window_bits=015", "; server_max_window_bits=+9",
            "; server_max_window_bits=ten", "; client_max_window_bits=7",
            "; client_max_window_bits=16", "; client_max_window_bits=015",
            "; client_max_window_bits=\"016\"", "; Server_no_context_takeover",
        ])
    func declined(offer: String) throws {
        let declined = try Self.answer([Self.base + offer], Self.open)
        #expect(declined.text == nil && declined.messageExtension == .none)
        // §5.1: the next offer is tried, on the same line and on the next.
        for lines in [[Self.base + offer + ", " + Self.base], [Self.base + offer, Self.base]] {
            let (text, messageExtension) = try Self.answer(
                lines, Self.open, headerName: "SEC-websocket-EXTENSIONS")
            #expect(text == Self.base)
            #expect(messageExtension == .deflate(DeflateParameters(), Self.open))
        }
    }

    @Test(
        "RFC 6455 §9.1: a malformed header fails the handshake, with compression or without",
        arguments: [
            "", ",", "permessage-deflate;", "permessage-deflate; =9", "permessage-deflate; a=",
            "permessage-deflate; a=\"", "permessage-deflate; a=\"\"",
            "permessage-deflate; a=\"b c\"", "permessage-deflate; a=\"b\\", "a b", "a; b c",
            "a/b", ";a", "a; b=\"c\"d", "a=b", "\"a\"",
        ])
    func malformed(line: String) throws {
        #expect(try Self.answer([line], Self.open).text == "rejected")
        #expect(try Self.answer([line], nil).text == "rejected")
    }

    @Test("RFC 6455 §9.1: empty elements and unknown extensions are passed over")
    func others() throws {
        for line in ["x-other; a=1, , permessage-deflate", ",permessage-deflate,", "a,b"] {
            let expected = line == "a,b" ? nil : Self.base
            #expect(try Self.answer([line], Self.open).text == expected)
        }
        #expect(try Self.answer([Self.base], nil).text == nil)
        #expect(try Self.answer([], Self.open).text == nil)
    }

    @Test("RFC 9110 §5.3: several lines are one with commas, an empty one among them too")
    func lines() throws {
        for lines in [["", Self.base], [Self.base, ","], ["a", " ", Self.base, ", ,"]] {
            #expect(try Self.answer(lines, Self.open).text == Self.base)
            #expect(
                try Self.answer([lines.joined(separator: ",")], Self.open).text == Self.base)
        }
        #expect(try Self.answer(["", ","], Self.open).text == "rejected")
        let answered = try Self.verify(["", Self.base], Self.open)
        #expect(answered == .deflate(DeflateParameters(), Self.open))
    }

    @Test("RFC 7692 §7.1: what the server wants for itself")
    func wishes() throws {
        #expect(
            try Self.answer([Self.base], .standard).text
                == Self.base + "; server_no_context_takeover; client_no_context_takeover")
        // §7.1.2.2: the client's window is named only when the client spoke of it.
        let (text, silent) = try Self.answer([Self.base], Self.narrow)
        #expect(text == Self.base + "; server_max_window_bits=11")
        #expect(silent == .deflate(DeflateParameters(serverMaxWindowBits: 11), Self.narrow))
        let asked = try Self.answer(
            [Self.base + "; client_max_window_bits; server_max_window_bits=13"], Self.narrow)
        #expect(
            asked.text == Self.base + "; server_max_window_bits=11; client_max_window_bits=12")
        #expect(asked.messageExtension == .deflate(Self.narrow.limits, Self.narrow))
    }

    private static func client(_ configuration: DeflateConfiguration?) -> ClientHandshake {
        ClientHandshake(
            host: "a", target: "/", subprotocols: [], compression: configuration,
            keyBytes: Array("the sample nonce".utf8))
    }

    private static func verify(
        _ lines: [String], _ configuration: DeflateConfiguration?
    ) throws(ClientHandshakeError) -> MessageExtension {
        var headers: HeaderFields = [
            "Upgrade": "websocket", "Connection": "upgrade",
            "Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        ]
        for line in lines { headers.append("Sec-WebSocket-Extensions", line) }
        return try client(configuration).verify(
            Response(status: .switchingProtocols, headers: headers)
        ).messageExtension
    }

    @Test("RFC 7692 §7.1: what the client offers")
    func offers() {
        func offer(_ configuration: DeflateConfiguration?) -> String? {
            String(decoding: Self.client(configuration).request, as: UTF8.self)
                .split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Ext") }
                .map { String($0) }
        }
        let name = "Sec-WebSocket-Extensions: permessage-deflate; "
        #expect(offer(nil) == nil)
        #expect(offer(Self.open) == name + "client_max_window_bits")
        #expect(
            offer(.standard)
                == name + "server_no_context_takeover; client_no_context_takeover; "
                + "client_max_window_bits")
        #expect(
            offer(Self.narrow) == name + "server_max_window_bits=11; client_max_window_bits=12")
    }

    @Test(
        "RFC 7692 §7.1: answers that the client takes",
        arguments: [
            ("", DeflateParameters()),
            ("; server_no_context_takeover", DeflateParameters(serverNoContextTakeover: true)),
            ("; client_no_context_takeover", DeflateParameters(clientNoContextTakeover: true)),
            ("; server_max_window_bits=8", DeflateParameters(serverMaxWindowBits: 9)),
            ("; server_max_window_bits=\"12\"", DeflateParameters(serverMaxWindowBits: 12)),
            ("; client_max_window_bits=9", DeflateParameters(clientMaxWindowBits: 9)),
        ])
    func taken(answer: String, parameters: DeflateParameters) throws {
        #expect(
            try Self.verify([Self.base + answer], Self.open) == .deflate(parameters, Self.open))
        #expect(try Self.verify([], Self.open) == .none)
    }

    @Test(
        "RFC 7692 §7.1: answers that the client refuses",
        arguments: [
            "; unknown", "; server_max_window_bits", "; client_max_window_bits",
            "; server_max_window_bits=16", "; server_max_window_bits=09",
            "; client_max_window_bits=8", "; client_max_window_bits=16",
            "; server_no_context_takeover=1",
            "; server_no_context_takeover; server_no_context_takeover", ";", "; a=\"",
        ])
    func refused(answer: String) {
        #expect(throws: ClientHandshakeError.badExtension) {
            try Self.verify([Self.base + answer], Self.open)
        }
        #expect(throws: ClientHandshakeError.self) { try Self.verify([Self.base + answer], nil) }
    }

    @Test("RFC 7692 §7.1.1.1, §7.1.2: answers that do not fit the offer")
    func unfit() {
        for answer in ["", "; client_no_context_takeover"] {
            #expect(throws: ClientHandshakeError.badExtension) {
                try Self.verify([Self.base + answer], .standard)
            }
        }
        for answer in [
            "", "; server_max_window_bits=12",
            "; server_max_window_bits=11; client_max_window_bits=13",
        ] {
            #expect(throws: ClientHandshakeError.badExtension) {
                try Self.verify([Self.base + answer], Self.narrow)
            }
        }
        for lines in [[Self.base + ", " + Self.base], [Self.base, Self.base], ["x-other"]] {
            #expect(throws: ClientHandshakeError.unaskedExtension) {
                try Self.verify(lines, Self.open)
            }
        }
    }

    @Test("RFC 7692 §7.1: both sides come to the same parameters")
    func bothSides() throws {
        for client in [Self.open, Self.narrow, .standard] {
            for server in [Self.open, Self.narrow, .standard] {
                var parser = RequestParser()
                parser.receive(Self.client(client).request.span)
                let request = try #require(try parser.next())
                let lines = request.head.headers.values(of: "Sec-WebSocket-Extensions")
                let (text, served) = try Self.answer(lines, server)
                let asked = try Self.verify([try #require(text)], client)
                guard case .deflate(let mine, _) = served, case .deflate(let theirs, _) = asked
                else { return #expect(Bool(false), "no extension") }
                #expect(mine == theirs)
            }
        }
    }
}
