/// Why a link ended, or never began.
package enum LinkEnding: Hashable, Sendable {
    /// The WebSocket was open and is not any more; RFC 6455 §7.1.5 says which code.
    case closed(code: UInt16, reason: String)
    /// No connection, or no answer.
    case unreachable(String)
    /// An HTTP answer other than 101.
    case refused(status: Int, String)
}

/// Who uses a link. Called on the loop only; a link keeps it weakly.
package protocol LinkDelegate: AnyObject {
    func linkOpened(now: Duration)
    /// A whole text message.
    func linkReceived(_ text: [UInt8], now: Duration)
    /// Once, last.
    func linkEnded(_ ending: LinkEnding, now: Duration)
}
