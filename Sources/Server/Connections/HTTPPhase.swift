import HTTP
import Model
import Transport

/// A connection as long as it speaks HTTP: one request is answered at a time, in order.
final class HTTPPhase {
    /// The connection was not let in: whatever it asks gets this answer.
    let refusal: Admission.Refusal?
    var parser: RequestParser
    var output = WriteQueue()
    /// A request is being answered: the next one waits in the parser.
    var isAnswering = false
    /// Requests are being taken from the parser: an answer that is there at once does not take
    /// the next one itself.
    var isTakingRequests = false
    /// The client has sent its last byte, and may still read.
    var isInputEnded = false
    var closesWhenFlushed = false
    /// A request was answered: the connection is more than an attempt.
    var hasAnswered = false
    /// When the first byte of the request came that is not whole yet; before the first request,
    /// when the connection came.
    var requestBeganAt: Duration?
    var idleSince: Duration

    init(refusal: Admission.Refusal? = nil, now: Duration) {
        self.refusal = refusal
        parser = RequestParser(
            limits: refusal == nil ? Self.parserLimits : Self.refusedParserLimits)
        idleSince = now
        // The first request has its time from the connection on, a TLS handshake included.
        requestBeganAt = now
    }

    static let parserLimits = ParserLimits(
        headerCountMax: Limits.requestHeadersMax, headBytesMax: Limits.requestHeadBytesMax,
        bodyBytesMax: Limits.messageBytesMax)

    /// Nobody waits for a body that is not read: one that is announced ends the request.
    private static let refusedParserLimits = ParserLimits(
        headerCountMax: Limits.requestHeadersMax, headBytesMax: Limits.requestHeadBytesMax,
        bodyBytesMax: 0)

    var mayTakeRequest: Bool {
        !isAnswering && !closesWhenFlushed && output.byteCount < Limits.outboxSoftBytes
    }

    /// While an answer is being made, or waits to be read, what the client sends next waits in the
    /// kernel's buffers and not in ours.
    var holdsReads: Bool { isInputEnded || !mayTakeRequest }

    var nextDeadline: Duration? {
        if isAnswering { return nil }
        let seconds = refusal == nil ? Limits.requestSeconds : Limits.refusedSeconds
        return requestBeganAt.map { $0 + .seconds(seconds) }
            ?? idleSince + .seconds(Limits.keepAliveSeconds)
    }
}
