import HTTP
import WebSocket

/// RFC 9112 and RFC 6455 §4: heads, bodies, and the handshake over them.
enum HTTPEntries {
    private static let limits = ParserLimits(
        startLineBytesMax: 200, headerLineBytesMax: 200, headerCountMax: 8, headBytesMax: 600,
        bodyBytesMax: 300, chunkLineBytesMax: 32)
    /// For what is written again: a byte that is not UTF-8 has become three.
    private static let rewrittenLimits = ParserLimits(
        startLineBytesMax: 8_192, headerLineBytesMax: 8_192, headBytesMax: 32_768)

    // MARK: - Requests

    private struct Requests: Equatable {
        var requests: [Request] = []
        var error: ParseError?
    }

    static func request(_ bytes: [UInt8]) throws(FuzzFailure) {
        var input = FuzzInput(bytes)
        let cut = input.choice()
        let size = input.choice()
        let whole = try requests([input.bytes[...]])
        let split = try requests(FuzzInput.pieces(input.bytes[...], cut: cut, size: size))
        try FuzzFailure.check(whole == split, "every split gives the same requests")
        for request in whole.requests {
            try FuzzFailure.check(
                request.body.count <= limits.bodyBytesMax
                    && request.head.headers.count <= limits.headerCountMax,
                "limits hold")
            try FuzzFailure.check(
                request.head.path.hasPrefix("/") || request.head.path == "*", "a path is a path")
            try checkRewritten(request)
            try checkHandshake(request.head)
        }
    }

    private static func requests(
        _ pieces: [ArraySlice<UInt8>]
    ) throws(FuzzFailure) -> Requests {
        var parser = RequestParser(limits: limits)
        var result = Requests()
        for piece in pieces {
            parser.receive(piece.span)
            do throws(ParseError) {
                while let request = try parser.next() { result.requests.append(request) }
            } catch {
                result.error = error
                break
            }
            _ = parser.takeContinueWanted()
            // One line less its line feed.
            try FuzzFailure.check(
                parser.unconsumedByteCount <= limits.startLineBytesMax + 1,
                "what waits is bounded")
        }
        return result
    }

    /// A request that was understood says the same when it is written plainly and read again.
    private static func checkRewritten(_ request: Request) throws(FuzzFailure) {
        let head = request.head
        var target = head.target
        if head.path != "*", head.host != head.headers["Host"] ?? "" {
            target = "http://\(head.host)\(target)"
        }
        var text = "\(head.method.name) \(target) \(head.version.rawValue)\r\n"
        for field in head.headers.fields
        where !["content-length", "transfer-encoding"].contains(field.name.lowercased()) {
            text += "\(field.name): \(field.value)\r\n"
        }
        text += "Content-Length: \(request.body.count)\r\n\r\n"
        var parser = RequestParser(limits: rewrittenLimits)
        parser.receive((Array(text.utf8) + request.body).span)
        let again = try? parser.next()
        try FuzzFailure.check(
            again?.body == request.body && again?.head.method == head.method
                && again?.head.target == head.target && again?.head.host == head.host
                && again?.head.version == head.version
                && again?.head.keepsAlive == head.keepsAlive
                && parser.unconsumedByteCount == 0,
            "a request that is written again is the same")
    }

    /// Whatever the request, the answer is one that a client can read.
    private static func checkHandshake(_ head: RequestHead) throws(FuzzFailure) {
        var parser = ResponseParser(requestMethod: head.method, limits: rewrittenLimits)
        switch ServerHandshake.respond(
            to: head, subprotocols: ["salsanor.v1.json"], compression: .standard)
        {
        case .accepted(let response, let subprotocol, let messageExtension):
            parser.receive(response.span)
            let answer = try? parser.next()
            try FuzzFailure.check(
                answer?.status == .switchingProtocols && head.method == .get
                    && head.version == .http11
                    && answer?.headers["Sec-WebSocket-Protocol"] == subprotocol
                    && answer?.headers.contains("Sec-WebSocket-Extensions")
                        == (messageExtension != .none),
                "an accepted handshake is a 101")
        case .rejected(let response):
            parser.receive(response.serialised(keepAlive: false).span)
            let answer = try? parser.next()
            try FuzzFailure.check(
                answer?.status == response.status && (400..<500).contains(response.status.code),
                "a refused handshake is a 4xx")
        }
    }

    // MARK: - Responses

    private struct Responses: Equatable {
        var responses: [Response] = []
        var rest: [UInt8] = []
        var keepsAlive = true
        var error: ParseError?
    }

    private static let handshake = ClientHandshake(
        host: "h", target: "/", subprotocols: ["a"], keyBytes: Array("the sample nonce".utf8))

    static func response(_ bytes: [UInt8]) throws(FuzzFailure) {
        var input = FuzzInput(bytes)
        let cut = input.choice()
        let size = input.choice()
        let method: HTTP.Method = input.choice() == UInt8(ascii: "H") ? .head : .get
        let whole = responses([input.bytes[...]], method)
        let split = responses(FuzzInput.pieces(input.bytes[...], cut: cut, size: size), method)
        try FuzzFailure.check(whole == split, "every split gives the same answers")
        for response in whole.responses {
            try FuzzFailure.check(response.body.count <= limits.bodyBytesMax, "limits hold")
            try FuzzFailure.check(!response.status.isInterim, "interim answers are passed over")
            _ = try? handshake.verify(response)
            try checkRewritten(response)
        }
    }

    private static func responses(
        _ pieces: [ArraySlice<UInt8>], _ method: HTTP.Method
    ) -> Responses {
        var parser = ResponseParser(requestMethod: method, limits: limits)
        var result = Responses()
        var isUpgraded = false
        do throws(ParseError) {
            for piece in pieces {
                if isUpgraded {
                    result.rest += piece
                    continue
                }
                parser.receive(piece.span)
                while !isUpgraded, let response = try parser.next() {
                    result.responses.append(response)
                    isUpgraded = response.status == .switchingProtocols
                }
                if isUpgraded { result.rest = parser.takeUnconsumed() }
            }
            if !isUpgraded {
                parser.eof()
                while let response = try parser.next() { result.responses.append(response) }
            }
        } catch {
            result.error = error
        }
        result.keepsAlive = parser.keepsAlive
        return result
    }

    private static func checkRewritten(_ response: Response) throws(FuzzFailure) {
        var parser = ResponseParser(limits: rewrittenLimits)
        parser.receive(response.serialised(keepAlive: true).span)
        let again = try? parser.next()
        try FuzzFailure.check(
            again?.status == response.status && again?.body == response.body,
            "an answer that is written again is the same")
    }
}
