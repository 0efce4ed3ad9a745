/// Reads requests from bytes, in any split, one connection's worth (RFC 9112).
///
///     parser.receive(bytes)
///     while let request = try parser.next() { answer(request) }
///
/// Pipelined requests come out in order. After a request that upgrades, do not call `next` again:
/// `takeUnconsumed` hands over what belongs to the next protocol.
package struct RequestParser: Sendable {
    private enum State: Sendable {
        case startLine(emptyLines: Int)
        case fields(Line, FieldSection)
        case body(RequestHead, BodyReader)
        case failed(ParseError)
    }

    private struct Line: Sendable {
        let method: Method
        let target: RequestTarget
        let version: Version
    }

    /// RFC 9112 §2.2: a server should ignore at least one empty line before a request.
    private static let emptyLinesMax = 2

    private let limits: ParserLimits
    private var input = InputBuffer()
    private var state = State.startLine(emptyLines: 0)
    private var continueWanted = false

    package init(limits: ParserLimits = ParserLimits()) {
        self.limits = limits
    }

    /// Adds bytes from the peer. Call `next` until it gives nil before adding more: what waits here
    /// is then less than one head or one chunk line beyond what the limits allow.
    package mutating func receive(_ bytes: Span<UInt8>) {
        if case .failed = state { return }
        input.append(bytes)
    }

    /// The next whole request, nil when more bytes are needed.
    ///
    /// - Throws: why the bytes are refused; every later call throws the same.
    package mutating func next() throws(ParseError) -> Request? {
        do {
            return try advance()
        } catch {
            state = .failed(error)
            _ = input.takeAll()
            throw error
        }
    }

    /// True once when a client waits for `100 Continue` before it sends the body
    /// (RFC 9110 §10.1.1). Ask after `next` gave nil.
    package mutating func takeContinueWanted() -> Bool {
        defer { continueWanted = false }
        return continueWanted
    }

    /// Whether a request has begun and is not complete: the time it may take is the caller's.
    package var isInsideRequest: Bool {
        switch state {
        case .startLine: input.count > 0
        case .fields, .body: true
        case .failed: false
        }
    }

    /// Bytes after the last request that `next` gave.
    package var unconsumedByteCount: Int { input.count }

    /// Takes the bytes after the last request, for the protocol that follows an upgrade.
    package mutating func takeUnconsumed() -> [UInt8] {
        input.takeAll()
    }

    private mutating func advance() throws(ParseError) -> Request? {
        while true {
            switch state {
            case .startLine(let emptyLines):
                guard
                    let line = try input.takeLine(
                        bytesMax: limits.startLineBytesMax, orThrow: .startLineTooLong)
                else { return nil }
                if line.isEmpty {
                    guard emptyLines < Self.emptyLinesMax else { throw .badRequestLine }
                    state = .startLine(emptyLines: emptyLines + 1)
                } else {
                    let parsed = try Self.requestLine(line)
                    state = .fields(parsed, FieldSection(startLineBytes: line.count + 2))
                }
            case .fields(let line, var section):
                // Moved out, so that the fields grow in place.
                state = .startLine(emptyLines: 0)
                let isWhole = try section.read(from: &input, limits: limits)
                state = .fields(line, section)
                guard isWhole else { return nil }
                if let request = try begin(line, section.headers) { return request }
            case .body(let head, var reader):
                state = .startLine(emptyLines: 0)
                if try reader.read(from: &input, limits: limits) {
                    continueWanted = false
                    return Request(head: head, body: reader.body)
                }
                if input.count > 0 || !reader.body.isEmpty { continueWanted = false }
                state = .body(head, reader)
                return nil
            case .failed(let error):
                throw error
            }
        }
    }

    /// The head is whole: gives the request if it has no body, else goes on to the body.
    private mutating func begin(
        _ line: Line, _ headers: HeaderFields
    ) throws(ParseError) -> Request? {
        let head = RequestHead(
            method: line.method, target: line.target, version: line.version,
            host: try Self.host(headers, version: line.version), headers: headers)
        let framing = try BodyFraming(headers: headers, version: line.version, limits: limits)
        guard let reader = BodyReader(framing) else {
            // An HTTP/1.0 body without a length would end with the connection, and a request's
            // cannot. In HTTP/1.1 the same head means that there is none (RFC 9112 §6.3).
            let carriesBody = [Method.post, .put, .patch].contains(line.method)
            if line.version == .http10, carriesBody, !headers.contains("Content-Length") {
                throw .lengthRequired
            }
            state = .startLine(emptyLines: 0)
            return Request(head: head)
        }
        continueWanted = try Self.expectsContinue(head)
        state = .body(head, reader)
        return nil
    }

    /// RFC 9112 §3: `method SP request-target SP HTTP-version`, single spaces.
    private static func requestLine(_ line: ArraySlice<UInt8>) throws(ParseError) -> Line {
        let parts = line.split(
            separator: Characters.space, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .badRequestLine }
        guard !parts[0].isEmpty, parts[0].allSatisfy(Characters.isTokenByte) else {
            throw .badMethod
        }
        guard !parts[1].isEmpty else { throw .badTarget }
        let version = try Version(parsing: parts[2])
        let method = Method(String(decoding: parts[0], as: UTF8.self))
        let target = try RequestTarget(parsing: parts[1], method: method)
        return Line(method: method, target: target, version: version)
    }

    /// RFC 9112 §3.2: exactly one, unless the client is too old to know the field.
    private static func host(
        _ headers: HeaderFields, version: Version
    ) throws(ParseError) -> String {
        let hosts = headers.values(of: "Host")
        guard hosts.count == 1 || hosts.isEmpty && version == .http10 else { throw .badHost }
        let host = hosts.first ?? ""
        guard Host.isValid(ArraySlice(host.utf8)) else { throw .badHost }
        return host
    }

    private static func expectsContinue(_ head: RequestHead) throws(ParseError) -> Bool {
        // RFC 9110 §10.1.1: an HTTP/1.0 client cannot mean it.
        guard head.version == .http11 else { return false }
        let expectations = head.headers.elements(of: "Expect")
        guard
            expectations.allSatisfy({ Characters.equalIgnoringCase($0, "100-continue") })
        else { throw .unsupportedExpectation }
        return !expectations.isEmpty
    }
}
