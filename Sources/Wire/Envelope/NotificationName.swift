/// What a server says unasked: the methods of its notifications. `Protocol/wire.md#hello-and-bye`.
package enum NotificationName {
    /// The first message of a socket.
    package static let hello = "hello"
    /// The last one before the server closes, with the reason.
    package static let bye = "bye"
    /// Something happened in a stream that the client is in.
    package static let event = "event"
    /// A notification of the client was refused.
    package static let refused = "refused"
}
