/// Reads responses from bytes, in any split: the client's side of a connection (RFC 9112).
///
/// Interim answers other than 101 are passed over (RFC 9110 §15.2). After 101 do not call `next`
/// again: `takeUnconsumed` hands over what belongs to the next protocol.
package struct ResponseParser: Sendable {
    private enum State: Sendable {
        case startLine
        case fields(Status, Version, FieldSection)
        case body(Response, BodyReader)
        case failed(ParseError)
    }

    private let limits: ParserLimits
    private var input = InputBuffer()
    private var state = State.startLine
    private var ended = false
    /// Whether the connection can be used again after the last response (RFC 9112 §9.3).
    package private(set) var keepsAlive = true
    /// The method of the request that the next response answers: one to `HEAD` has no body.
    package var requestMethod: Method

    package init(requestMethod: Method = .get, limits: ParserLimits = ParserLimits()) {
        self.limits = limits
        self.requestMethod = requestMethod
    }

    /// Adds bytes from the peer.
    package mutating func receive(_ bytes: Span<UInt8>) {
        if case .failed = state { return }
        input.append(bytes)
    }

    /// The peer has closed its side: a body without a length ends here.
    package mutating func eof() {
        ended = true
    }

    /// The next whole response, nil when more bytes are needed.
    ///
    /// - Throws: why the bytes are refused, or `incomplete` when the peer closed too early; every
    ///   later call throws the same.
    package mutating func next() throws(ParseError) -> Response? {
        do {
            return try advance()
        } catch {
            state = .failed(error)
            _ = input.takeAll()
            throw error
        }
    }

    /// Takes the bytes after the last response, for the protocol that follows an upgrade.
    package mutating func takeUnconsumed() -> [UInt8] {
        input.takeAll()
    }

    private mutating func advance() throws(ParseError) -> Response? {
        while true {
            switch state {
            case .startLine:
                guard
                    let line = try input.takeLine(
                        bytesMax: limits.startLineBytesMax, orThrow: .startLineTooLong)
                else {
                    if ended, input.count > 0 { throw .incomplete }
                    return nil
                }
                let (version, status) = try Self.statusLine(line)
                state = .fields(status, version, FieldSection(startLineBytes: line.count + 2))
            case .fields(let status, let version, var section):
                // Moved out, so that the fields grow in place.
                state = .startLine
                let isWhole = try section.read(from: &input, limits: limits)
                state = .fields(status, version, section)
                guard isWhole else {
                    if ended { throw .incomplete }
                    return nil
                }
                if let response = try begin(status, version, section.headers) { return response }
            case .body(var response, var reader):
                state = .startLine
                let isWhole = try reader.read(from: &input, limits: limits)
                if isWhole || ended && reader.endsWithConnection {
                    response.body = reader.body
                    return response
                }
                if ended { throw .incomplete }
                state = .body(response, reader)
                return nil
            case .failed(let error):
                throw error
            }
        }
    }

    private mutating func begin(
        _ status: Status, _ version: Version, _ headers: HeaderFields
    ) throws(ParseError) -> Response? {
        state = .startLine
        if status.isInterim { return nil }
        keepsAlive = Persistence.keepsAlive(version: version, headers: headers)
        let response = Response(status: status, headers: headers)
        // RFC 9112 §6.3, first rule: whatever the fields say.
        if status.forbidsBody || requestMethod == .head { return response }
        var framing = try BodyFraming(headers: headers, version: version, limits: limits)
        if framing == .none, !headers.contains("Content-Length") {
            framing = .untilClose
            keepsAlive = false
        }
        guard let reader = BodyReader(framing) else { return response }
        state = .body(response, reader)
        return nil
    }

    /// RFC 9112 §4: `HTTP-version SP status-code SP [ reason-phrase ]`.
    private static func statusLine(
        _ line: ArraySlice<UInt8>
    ) throws(ParseError) -> (Version, Status) {
        let parts = line.split(
            separator: Characters.space, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2 else { throw .badStatusLine }
        let version = try Version(parsing: parts[0])
        let digits = parts[1].compactMap(Characters.digit)
        guard parts[1].count == 3, digits.count == 3, (1...5).contains(digits[0]) else {
            throw .badStatusLine
        }
        // §4: the space belongs to the line even without a phrase; many leave it out.
        let reason = parts.count == 3 ? parts[2] : []
        guard reason.allSatisfy(Characters.isFieldValueByte) else { throw .badStatusLine }
        let code = digits[0] * 100 + digits[1] * 10 + digits[2]
        return (version, Status(code, String(decoding: reason, as: UTF8.self)))
    }
}
