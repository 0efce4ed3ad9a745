import HTTP
import Model
import Transport

/// A connection as long as it speaks HTTP: one request is answered at a time, in order.
final class HTTPPhase {
    var parser = RequestParser(limits: HTTPPhase.parserLimits)
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

    init(now: Duration) {
        idleSince = now
        // The first request has its time from the connection on, a TLS handshake included.
        requestBeganAt = now
    }

    static let parserLimits = ParserLimits(
        headerCountMax: Limits.requestHeadersMax, headBytesMax: Limits.requestHeadBytesMax,
        bodyBytesMax: Limits.messageBytesMax)

    var mayTakeRequest: Bool {
        !isAnswering && !closesWhenFlushed && output.byteCount < Limits.outboxSoftBytes
    }

    /// While an answer is being made, or waits to be read, what the client sends next waits in the
    /// kernel's buffers and not in ours.
    var holdsReads: Bool { isInputEnded || !mayTakeRequest }

    var nextDeadline: Duration? {
        if isAnswering { return nil }
        return requestBeganAt.map { $0 + .seconds(Limits.requestSeconds) }
            ?? idleSince + .seconds(Limits.keepAliveSeconds)
    }
}
