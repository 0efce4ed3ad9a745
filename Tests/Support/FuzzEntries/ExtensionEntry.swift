import HTTP
import WebSocket

/// RFC 6455 §9.1 and RFC 7692 §7.1: what both sides make of `Sec-WebSocket-Extensions`.
enum ExtensionEntry {
    private static let name = "Sec-WebSocket-Extensions"

    /// Each line is a field line, once of a request and once of an answer. The last bytes choose
    /// what we want as a server and as a client.
    static func header(_ bytes: [UInt8]) throws(FuzzFailure) {
        var input = FuzzInput(bytes)
        let server = configuration(input.choice())
        let client = configuration(input.choice())
        let lines = input.lines.map { String(decoding: $0, as: UTF8.self) }
        try checkServer(lines, server)
        try checkClient(lines, client)
        // Both are ours: what the client offers is agreed on.
        let handshake = self.handshake(client)
        var parser = RequestParser()
        parser.receive(handshake.request.span)
        guard let head = (try? parser.next())?.head,
            case .accepted(let answer, _, .deflate(let parameters, _)) =
                ServerHandshake.respond(to: head, subprotocols: [], compression: server)
        else { throw FuzzFailure(description: "our own offer is accepted") }
        try FuzzFailure.check(
            isWithin(parameters, server.limits) && isWithin(parameters, client.limits),
            "neither side gets less than it asked for")
        try FuzzFailure.check(
            verified(handshake, answer) == .deflate(parameters, client), "both sides agree")
    }

    /// Every agreement that can be wanted.
    private static func configuration(_ choice: Int) -> DeflateConfiguration {
        let bits = DeflateParameters.windowBitsRange
        let windows = choice / 4
        return DeflateConfiguration(
            limits: DeflateParameters(
                serverNoContextTakeover: choice & 1 != 0,
                clientNoContextTakeover: choice & 2 != 0,
                serverMaxWindowBits: bits.upperBound - windows % bits.count,
                clientMaxWindowBits: bits.upperBound - windows / bits.count % bits.count))
    }

    private static func handshake(_ configuration: DeflateConfiguration) -> ClientHandshake {
        ClientHandshake(
            host: "h", target: "/", subprotocols: [], compression: configuration,
            keyBytes: Array("the sample nonce".utf8))
    }

    /// What a client makes of the bytes of an answer; nil when it refuses.
    private static func verified(
        _ handshake: ClientHandshake, _ answer: [UInt8]
    ) -> MessageExtension? {
        var parser = ResponseParser()
        parser.receive(answer.span)
        guard let response = try? parser.next() else { return nil }
        return try? handshake.verify(response).messageExtension
    }

    /// Whether nothing is larger, or kept longer, than was asked for.
    private static func isWithin(
        _ parameters: DeflateParameters, _ asked: DeflateParameters
    ) -> Bool {
        parameters.serverMaxWindowBits <= asked.serverMaxWindowBits
            && (parameters.serverNoContextTakeover || !asked.serverNoContextTakeover)
            && (parameters.clientNoContextTakeover || !asked.clientNoContextTakeover)
    }

    // MARK: - As a server

    private static func respond(
        _ lines: [String], _ configuration: DeflateConfiguration
    ) -> ServerHandshake.Outcome {
        var headers: HeaderFields = [
            "Upgrade": "websocket", "Connection": "Upgrade",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13",
        ]
        for line in lines { headers.append(name, line) }
        let head = RequestHead(method: .get, path: "/", host: "h", headers: headers)
        return ServerHandshake.respond(to: head, subprotocols: [], compression: configuration)
    }

    private static func checkServer(
        _ lines: [String], _ configuration: DeflateConfiguration
    ) throws(FuzzFailure) {
        let outcome = respond(lines, configuration)
        if !lines.isEmpty {
            try FuzzFailure.check(
                respond([lines.joined(separator: ", ")], configuration) == outcome,
                "lines are one line with commas (RFC 9110 §5.3)")
        }
        switch outcome {
        case .rejected(let response):
            try FuzzFailure.check(response.status.code == 400, "a malformed header is a 400")
        case .accepted(let answer, _, .none):
            try FuzzFailure.check(
                verified(handshake(configuration), answer) == MessageExtension.none,
                "nothing is answered when nothing is agreed on")
        case .accepted(let answer, _, .deflate(let parameters, let ours)):
            try FuzzFailure.check(
                ours == configuration && isWithin(parameters, ours.limits),
                "a server gets no less than it wants")
            let isAsked = lines.contains { $0.contains("client_max_window_bits") }
            try FuzzFailure.check(
                isAsked || parameters.clientMaxWindowBits == 15,
                "RFC 7692 §7.1.2.2: the client's window is answered when it is in the offer")
            // A client that asked for just that.
            let equal = DeflateConfiguration(limits: parameters)
            try FuzzFailure.check(
                verified(handshake(equal), answer) == .deflate(parameters, equal),
                "a client takes the answer for the same")
        }
    }

    // MARK: - As a client

    private static func checkClient(
        _ lines: [String], _ configuration: DeflateConfiguration
    ) throws(FuzzFailure) {
        let handshake = self.handshake(configuration)
        let agreed = answered(handshake, lines)
        if !lines.isEmpty {
            try FuzzFailure.check(
                answered(handshake, [lines.joined(separator: ", ")]) == agreed,
                "lines are one line with commas (RFC 9110 §5.3)")
        }
        switch agreed {
        case nil: break
        case MessageExtension.none?:
            try FuzzFailure.check(lines.isEmpty, "an answer that names something is no answer")
        case .deflate(let parameters, let ours)?:
            try FuzzFailure.check(
                ours == configuration && isWithin(parameters, ours.limits)
                    && parameters.clientMaxWindowBits <= ours.limits.clientMaxWindowBits,
                "a client gets what it asked for")
        }
    }

    private static func answered(
        _ handshake: ClientHandshake, _ lines: [String]
    ) -> MessageExtension? {
        var headers: HeaderFields = [
            "Upgrade": "websocket", "Connection": "Upgrade",
            "Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        ]
        for line in lines { headers.append(name, line) }
        let response = Response(status: .switchingProtocols, headers: headers)
        return try? handshake.verify(response).messageExtension
    }
}
