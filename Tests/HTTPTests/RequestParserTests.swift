import CMallocCounter
import HTTP
import Model
import Testing

@Suite struct RequestParserTests {
    @Test("RFC 9112 §3: a request is read, its bytes arriving in any pieces", arguments: 1...80)
    func pieces(size: Int) throws {
        let text =
            "\r\nGET /a?b=c&d HTTP/1.1\r\nHost: x:80\r\nX-One:  two words \t\r\n\r\n"
            + "POST /v1/rpc HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhello"
            + "PUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
            + "3;name=v\r\nabc\r\n00A \t;q\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"
            + "GET / HTTP/1.0\r\n\r\n"
        let trace = RequestTrace(text, pieces: size)
        #expect(trace.error == nil)
        try #require(trace.requests.count == 4)
        let first = trace.requests[0].head
        #expect(first.method == .get && first.path == "/a" && first.query == "b=c&d")
        #expect(first.target == "/a?b=c&d" && first.host == "x:80")
        #expect(first.headers["x-ONE"] == "two words")
        #expect(trace.requests[1].body == "hello".bytes)
        #expect(trace.requests[2].body == "abc0123456789".bytes)
        #expect(trace.requests[3].head.version == .http10)
        #expect(trace == RequestTrace(text))
    }

    @Test(
        "RFC 9112 §2.2, §3, §5, §6: requests that are refused, each with its status",
        arguments: [
            ("GET / HTTP/1.1\nHost: x\r\n\r\n", ParseError.badLineEnd, 400),
            ("GET / HTTP/1.1\r\nHost: x\n\r\n", .badLineEnd, 400),
            ("\r\n\r\n\r\nGET / HTTP/1.1\r\n", .badRequestLine, 400),
            ("GET /\r\n", .badRequestLine, 400),
            ("GET  / HTTP/1.1\r\n", .badRequestLine, 400),
            ("GET / HTTP/1.1 \r\n", .badRequestLine, 400),
            (" / HTTP/1.1\r\n", .badMethod, 400),
            ("G@T / HTTP/1.1\r\n", .badMethod, 400),
            ("GET\t/ HTTP/1.1 x\r\n", .badMethod, 400),
            ("GET a HTTP/1.1\r\n", .badTarget, 400),
            ("GET * HTTP/1.1\r\n", .badTarget, 400),
            ("GET /a#b HTTP/1.1\r\n", .badTarget, 400),
            ("GET /\u{e9} HTTP/1.1\r\n", .badTarget, 400),
            ("GET http:///a HTTP/1.1\r\n", .badTarget, 400),
            ("GET http://u@h/ HTTP/1.1\r\n", .badTarget, 400),
            ("GET ftp://h/ HTTP/1.1\r\n", .badTarget, 400),
            ("CONNECT h:80 HTTP/1.1\r\n", .connectUnsupported, 501),
            ("GET / HTTP/1\r\n", .badVersion, 400),
            ("GET / http/1.1\r\n", .badVersion, 400),
            ("GET / HTTP/1.x\r\n", .badVersion, 400),
            ("GET / HTTP/2.0\r\n", .unsupportedVersion, 505),
            ("GET / HTTP/0.9\r\n", .unsupportedVersion, 505),
            ("GET / HTTP/1.1\r\n\r\n", .badHost, 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .badHost, 400),
            ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .badHost, 400),
            ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .badHost, 400),
            ("GET / HTTP/1.1\r\nHost: a:x\r\n\r\n", .badHost, 400),
            ("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .badHost, 400),
            ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .badFieldName, 400),
            ("GET / HTTP/1.1\r\nHost\r\n\r\n", .badFieldName, 400),
            ("GET / HTTP/1.1\r\n: a\r\n\r\n", .badFieldName, 400),
            ("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", .obsoleteLineFolding, 400),
            ("GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", .badFieldValue, 400),
            ("GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", .badFieldValue, 400),
            (
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                .conflictingContentLength, 400
            ),
            (
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 2\r\n\r\n",
                .conflictingContentLength, 400
            ),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", .badContentLength, 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n", .badContentLength, 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1,\r\n\r\n", .badContentLength, 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\n", .badContentLength, 400),
            (
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
                .bodyTooLarge, 413
            ),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", .bodyTooLarge, 413),
            (
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n",
                .contentLengthWithTransferEncoding, 400
            ),
            ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .badTransferEncoding, 400),
            (
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
                .badTransferEncoding, 400
            ),
            (
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
                .badTransferEncoding, 400
            ),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n", .badTransferEncoding, 400),
            (
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                .unsupportedTransferCoding, 501
            ),
            ("POST / HTTP/1.0\r\n\r\n", .lengthRequired, 411),
            (
                "POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 1\r\n\r\n",
                .unsupportedExpectation, 417
            ),
        ])
    func refusals(text: String, error: ParseError, status: Int) {
        let whole = RequestTrace(text)
        #expect(whole.error == error)
        #expect(whole.error?.status.code == status)
        #expect(RequestTrace(text, pieces: 1) == whole)
    }

    @Test(
        "RFC 9112 §7.1: chunks that are refused",
        arguments: [
            ("\r\n", ParseError.badChunk), ("g\r\n", .badChunk), ("-1\r\n", .badChunk),
            ("0x1\r\n", .badChunk), ("1 \r\n", .badChunk), ("1;a\rb\r\n", .badChunk),
            ("1\r\nabc\r\n", .badChunk), ("1\r\na\n", .badLineEnd), ("1\n", .badLineEnd),
            ("fffffffffffffffff\r\n", .bodyTooLarge), ("100001\r\n", .bodyTooLarge),
            ("0\r\nA b: c\r\n", .badFieldName), ("0\r\n a\r\n", .obsoleteLineFolding),
            ("1;" + String(repeating: "e", count: 255) + "\r\n", .chunkLineTooLong),
        ])
    func badChunks(chunks: String, error: ParseError) {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(RequestTrace(head + chunks).error == error)
        #expect(RequestTrace(head + chunks, pieces: 1).error == error)
        let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(throws: error) { try parseResponses(answer + chunks) }
    }

    @Test("RFC 9110 §8.6: equal lengths count as one")
    func equalLengths() {
        let text =
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 02\r\ncontent-length: 2\r\n\r\nab"
        #expect(RequestTrace(text).requests.first?.body == "ab".bytes)
    }

    @Test("RFC 9112 §6.3: without a length an HTTP/1.1 request has no body")
    func noLength() {
        let trace = RequestTrace(
            "POST / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(trace.requests.map(\.head.method) == [.post, .get])
    }

    @Test("RFC 9112 §3.2.2: an absolute target brings the host, whatever the field says")
    func absoluteForm() throws {
        let text = "GET HTTP://Good:81?q HTTP/1.1\r\nHost: bad\r\n\r\n"
        let head = try #require(RequestTrace(text).requests.first?.head)
        #expect(head.host == "Good:81" && head.path == "/" && head.query == "q")
        let star = RequestTrace("OPTIONS * HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n").requests.first?
            .head
        #expect(star?.path == "*" && star?.host == "[::1]:8080")
    }

    @Test("RFC 9112 §3, RFC 6585 §5: limits hold at the byte, with and without the line's end")
    func limits() {
        let limits = ParserLimits(
            startLineBytesMax: 20, headerLineBytesMax: 30, headerCountMax: 3, headBytesMax: 90,
            bodyBytesMax: 4)
        func error(_ text: String) -> ParseError? {
            let whole = RequestTrace(text, limits: limits)
            #expect(whole == RequestTrace(text, pieces: 1, limits: limits))
            return whole.error
        }
        func line(_ count: Int) -> String { "A: " + String(repeating: "b", count: count - 3) }
        let start = "GET /3456789 HTTP/1.1"
        #expect(error("GET /345678 HTTP/1.1\r\nHost: a\r\n\r\n") == nil)
        #expect(error(start + "\r\n") == .startLineTooLong)
        #expect(error(start + "1") == .startLineTooLong)
        #expect(error("GET / HTTP/1.1\r\nHost: a\r\n\(line(30))\r\n\r\n") == nil)
        #expect(error("GET / HTTP/1.1\r\nHost: a\r\n\(line(31))\r\n") == .headerLineTooLong)
        #expect(error("GET / HTTP/1.1\r\nHost: a\r\n\(line(32))") == .headerLineTooLong)
        #expect(error("GET / HTTP/1.1\r\nHost: a\r\nA:b\r\nA:b\r\n\r\n") == nil)
        #expect(error("GET / HTTP/1.1\r\nHost: a\r\nA:b\r\nA:b\r\nA:b\r\n") == .tooManyHeaders)
        #expect(
            error("GET / HTTP/1.1\r\n\(line(30))\r\n\(line(30))\r\nHost: a\r\n\r\n")
                == .headTooLarge)
        let length = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
        #expect(error(length + "4\r\n\r\nabcd") == nil)
        #expect(error(length + "5\r\n\r\n") == .bodyTooLarge)
        let chunked = "POST / HTTP/1.1\r\nHost:a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(error(chunked + "2\r\nab\r\n2\r\nab\r\n0\r\n\r\n") == nil)
        #expect(error(chunked + "2\r\nab\r\n3\r\n") == .bodyTooLarge)
    }

    @Test(
        "RFC 9112 §2.2: a line that is too long is that, wherever it is cut and however it ends",
        arguments: ["\r\n", "\n", "\r", "\r\r\n", "x"])
    func longLines(end: String) {
        let limits = ParserLimits(
            startLineBytesMax: 20, headerLineBytesMax: 30, headBytesMax: 60, chunkLineBytesMax: 16)
        let long = String(repeating: "x", count: 40)
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
        for (text, error) in [
            (long, ParseError.startLineTooLong),
            ("GET / HTTP/1.1\r\n" + long, .headerLineTooLong),
            ("GET / HTTP/1.1\r\nHost: a\r\nA: 56789012345678901234\r\n" + long, .headTooLarge),
        ] {
            for size in 1...80 {
                let trace = RequestTrace(text + end, pieces: size, limits: limits)
                #expect(trace.error == error, "\(text) in pieces of \(size)")
            }
        }
        let chunked = ParserLimits(chunkLineBytesMax: 16)
        for size in 1...80 {
            let trace = RequestTrace(head + "\r\n1;" + long + end, pieces: size, limits: chunked)
            #expect(trace.error == .chunkLineTooLong)
        }
    }

    @Test(
        "What a length claims is not allocated before it comes",
        .enabled(if: malloc_count_works() == 1))
    func claims() throws {
        var parser = RequestParser(limits: ParserLimits(bodyBytesMax: 1_000_000))
        let before = malloc_bytes()
        let head = Array("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n".utf8)
        parser.receive(head.span)
        let request = try parser.next()
        #expect(request == nil && parser.isInsideRequest && malloc_bytes() - before < 100_000)
    }

    @Test("RFC 9110 §7.8: bytes behind an upgrade stay for the next protocol")
    func unconsumed() throws {
        var parser = RequestParser()
        parser.receive("GET / HTTP/1.1\r\nHost: a\r\n\r\n\u{1}\u{2}\n".bytes.span)
        #expect(try parser.next() != nil)
        #expect(parser.unconsumedByteCount == 3)
        #expect(parser.takeUnconsumed() == [1, 2, 10])
        #expect(parser.unconsumedByteCount == 0 && !parser.isInsideRequest)
    }

    @Test("RFC 9110 §10.1.1: 100 Continue is asked for once, and only while the body is missing")
    func expectContinue() throws {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n"
        var parser = RequestParser()
        parser.receive(head.bytes.span)
        #expect(try parser.next() == nil)
        #expect(parser.takeContinueWanted() == true)
        #expect(parser.takeContinueWanted() == false)
        parser.receive("ab".bytes.span)
        #expect(try parser.next()?.body == "ab".bytes)
        var eager = RequestParser()
        eager.receive((head + "a").bytes.span)
        #expect(try eager.next() == nil)
        #expect(eager.takeContinueWanted() == false)
    }

    @Test("An error stays: nothing is read behind it")
    func errorsStay() {
        var parser = RequestParser()
        parser.receive("BAD\r\n".bytes.span)
        #expect(throws: ParseError.badRequestLine) { try parser.next() }
        parser.receive("GET / HTTP/1.1\r\nHost: a\r\n\r\n".bytes.span)
        #expect(throws: ParseError.badRequestLine) { try parser.next() }
        #expect(parser.unconsumedByteCount == 0)
    }

    @Test(
        "RFC 9112 §9.3: who keeps the connection",
        arguments: [
            ("HTTP/1.1", "", true), ("HTTP/1.1", "close", false),
            ("HTTP/1.1", "Upgrade, CLOSE", false),
            ("HTTP/1.0", "", false), ("HTTP/1.0", "Keep-Alive", true),
            ("HTTP/1.0", "keep-alive, close", false), ("HTTP/1.9", "x", true),
        ])
    func keepAlive(version: String, connection: String, keeps: Bool) throws {
        let field = "Connection: \(connection)\r\n"
        let trace = RequestTrace("GET / \(version)\r\nHost: a\r\n\(field)\r\n")
        #expect(trace.requests.first?.head.keepsAlive == keeps)
        let answers = try parseResponses("\(version) 200 OK\r\nContent-Length: 0\r\n\(field)\r\n")
        #expect(answers.responses.count == 1 && answers.keepsAlive == keeps)
    }

    @Test(
        "Random bytes and damaged requests never trap, and all splits agree", arguments: [1, 2, 3])
    func fuzz(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let good = Array(
            ("POST /a?b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;e\r\nhello\r\n"
                + "0\r\nT: t\r\n\r\nGET / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc").utf8)
        for iteration in 0..<4_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert(bytes[index], at: index)
                }
            }
            let pieces = Int.random(in: 1...40, using: &random)
            #expect(
                RequestTrace(bytes) == RequestTrace(bytes, pieces: pieces),
                "seed \(seed) iteration \(iteration) pieces \(pieces)")
        }
    }
}
