import HTTP
import Testing

@Suite struct ResponseTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("RFC 9112 §6.3: the length is set, the connection said")
    func serialised() {
        let response = Response(
            status: .ok, headers: ["A": "b", "content-length": "9"], body: [104, 105])
        #expect(
            text(response.serialised(keepAlive: true))
                == "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 2\r\n\r\nhi")
        #expect(
            text(response.serialised(keepAlive: false, omitsBody: true))
                == "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 2\r\nConnection: close\r\n\r\n")
        #expect(
            text(Response(status: .ok).serialised(keepAlive: true, version: .http10))
                == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n")
    }

    @Test("RFC 9110 §8.6: 1xx, 204 and 304 have no length")
    func noLength() {
        #expect(
            text(Response(status: .continue).serialised(keepAlive: true))
                == "HTTP/1.1 100 Continue\r\n\r\n")
        #expect(
            text(Response(status: .noContent).serialised(keepAlive: true))
                == "HTTP/1.1 204 No Content\r\n\r\n")
        #expect(
            text(
                Response(status: .switchingProtocols, headers: ["Connection": "Upgrade"])
                    .serialised(keepAlive: false))
                == "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n")
    }

    @Test("RFC 9110 §5.5: a value cannot start another field")
    func injection() {
        var headers = HeaderFields()
        headers.append("Location", "/a\r\nSet-Cookie: b\0")
        #expect(headers["location"] == "/a  Set-Cookie: b ")
    }

    @Test("RFC 9110 §5.6.1: lists over several lines, empty elements skipped")
    func lists() {
        let headers: HeaderFields = ["A": "b, ,c", "B": "x", "a": ",\td ,"]
        #expect(headers.elements(of: "A") == ["b", "c", "d"])
        #expect(headers.hasToken("C", in: "a") && !headers.hasToken("x", in: "a"))
        #expect(headers.values(of: "a") == ["b, ,c", ",\td ,"])
    }

    @Test("What is written is read back, in any pieces", arguments: 1...40)
    func roundTrip(pieces: Int) throws {
        let first = Response(status: .forbidden, text: "no, thanks", headers: ["X": "y"])
        let second = Response(status: .noContent)
        let bytes = first.serialised(keepAlive: true) + second.serialised(keepAlive: false)
        let result = try parseResponses(text(bytes), pieces: pieces)
        try #require(result.responses.map(\.status) == [.forbidden, .noContent])
        #expect(result.responses[0].body == first.body && result.responses[0].headers["x"] == "y")
        #expect(!result.keepsAlive)
    }

    @Test("RFC 9110 §15.2: interim answers are passed over, 101 is not", arguments: [1, 7, 500])
    func upgrade(pieces: Int) throws {
        let result = try parseResponses(
            "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                + "HTTP/1.1 101 Switching\r\nA: b\r\n\r\nframes",
            pieces: pieces)
        #expect(result.responses.map(\.status) == [.switchingProtocols])
        #expect(result.rest == "frames".bytes)
    }

    @Test("RFC 9112 §6.3: a body without a length ends with the connection")
    func untilClose() throws {
        let result = try parseResponses("HTTP/1.1 200\r\n\r\nabc", pieces: 2, eof: true)
        #expect(result.responses.first?.body == "abc".bytes && !result.keepsAlive)
        let chunked = try parseResponses(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n")
        #expect(chunked.responses.first?.body == "a".bytes && chunked.keepsAlive)
        let head = try parseResponses("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", method: .head)
        #expect(head.responses.first?.body == [])
    }

    @Test(
        "RFC 9112 §6.1, §6.3: an answer whose end is in doubt is refused",
        arguments: [
            ("Content-Length: 1\r\nContent-Length: 2", ParseError.conflictingContentLength),
            ("Content-Length: 1, 2", .conflictingContentLength),
            ("Content-Length: +1", .badContentLength),
            ("Content-Length: 99999999999999999999", .bodyTooLarge),
            (
                "Content-Length: 1\r\nTransfer-Encoding: chunked",
                .contentLengthWithTransferEncoding
            ),
            ("Transfer-Encoding: chunked, gzip", .badTransferEncoding),
            ("Transfer-Encoding: chunked, chunked", .badTransferEncoding),
            ("Transfer-Encoding: gzip, chunked", .unsupportedTransferCoding),
        ])
    func doubtfulLengths(fields: String, error: ParseError) {
        let answer = "HTTP/1.1 200 OK\r\n\(fields)\r\n\r\nab"
        #expect(throws: error) { try parseResponses(answer) }
        #expect(throws: error) { try parseResponses(answer, pieces: 1) }
    }

    @Test(
        "RFC 9112 §8: an answer cut short is an error",
        arguments: [
            "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nA: b\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
        ])
    func incomplete(text: String) {
        #expect(throws: ParseError.incomplete) { try parseResponses(text, eof: true) }
    }

    @Test(
        "RFC 9112 §4: status lines that are refused",
        arguments: [
            ("HTTP/1.1\r\n", ParseError.badStatusLine), ("HTTP/1.1 20 OK\r\n", .badStatusLine),
            ("HTTP/1.1 2000\r\n", .badStatusLine), ("HTTP/1.1 2x0 OK\r\n", .badStatusLine),
            ("HTTP/1.1 600 OK\r\n", .badStatusLine), ("HTTP/2.0 200 OK\r\n", .unsupportedVersion),
            ("ICY 200 OK\r\n", .badVersion), ("HTTP/1.1 200 O\u{1}K\r\n", .badStatusLine),
        ])
    func badStatusLines(text: String, error: ParseError) {
        #expect(throws: error) { try parseResponses(text) }
    }

    @Test("Every error has a status that refuses", arguments: ParseError.allCases)
    func statuses(error: ParseError) {
        #expect([400, 411, 413, 414, 417, 431, 501, 505].contains(error.status.code))
    }
}
