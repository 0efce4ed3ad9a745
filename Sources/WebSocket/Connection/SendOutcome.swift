/// What became of a message handed over for sending.
package enum SendOutcome: Hashable, Sendable {
    case queued
    /// The hard mark would be passed; nothing was queued. The owner closes: nothing can be left out
    /// of a stream unnoticed.
    case overflow
    /// A Close was sent or received: nothing may follow (RFC 6455 §5.5.1).
    case notOpen
}
