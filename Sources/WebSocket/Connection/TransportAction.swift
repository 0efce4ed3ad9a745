/// What the owner does with the TCP connection. Ask after each call and after each write.
package enum TransportAction: Hashable, Sendable {
    case keepOpen
    /// Write what is in the outbox, then close. Shut down the sending half first and read to the
    /// end for a short while: closing over unread bytes resets the connection, and the peer loses
    /// the Close frame (RFC 6455 §7.1.1).
    case closeWhenFlushed
    /// A client lets the server close first (§7.1.1); write what is in the outbox, go on reading.
    case awaitPeerClose
    /// Close at once; what is in the outbox cannot be delivered.
    case closeNow
}
