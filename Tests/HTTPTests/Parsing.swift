import HTTP

/// Feeds a request parser and collects what comes out: requests, then perhaps an error.
struct RequestTrace: Equatable {
    var requests: [Request] = []
    var error: ParseError?

    /// - Parameter pieces: bytes per `receive`; all at once without.
    init(_ bytes: [UInt8], pieces: Int? = nil, limits: ParserLimits = ParserLimits()) {
        var parser = RequestParser(limits: limits)
        var rest = bytes[...]
        do throws(ParseError) {
            repeat {
                let piece = rest.prefix(pieces ?? rest.count)
                rest = rest.dropFirst(piece.count)
                parser.receive(piece.span)
                while let request = try parser.next() { requests.append(request) }
            } while !rest.isEmpty
        } catch {
            self.error = error
        }
    }

    init(_ text: String, pieces: Int? = nil, limits: ParserLimits = ParserLimits()) {
        self.init(Array(text.utf8), pieces: pieces, limits: limits)
    }
}

/// Feeds a response parser, and the end of the connection when `eof`.
///
/// - Parameter pieces: bytes per `receive`; all at once without.
func parseResponses(
    _ text: String, pieces: Int? = nil, method: HTTP.Method = .get, eof: Bool = false
) throws(ParseError) -> (responses: [Response], keepsAlive: Bool, rest: [UInt8]) {
    var parser = ResponseParser(requestMethod: method)
    var rest = text.bytes[...]
    var responses: [Response] = []
    while !rest.isEmpty {
        let piece = rest.prefix(pieces ?? rest.count)
        rest = rest.dropFirst(piece.count)
        parser.receive(piece.span)
        while let response = try parser.next() {
            responses.append(response)
            if response.status == .switchingProtocols {
                return (responses, parser.keepsAlive, parser.takeUnconsumed() + rest)
            }
        }
    }
    if eof {
        parser.eof()
        if let response = try parser.next() { responses.append(response) }
    }
    return (responses, parser.keepsAlive, parser.takeUnconsumed())
}

extension String {
    var bytes: [UInt8] { Array(utf8) }
}
