/// What the kernel says about one watched descriptor in one round of a loop.
package struct Readiness: Sendable, Equatable {
    /// The number given to `EventLoop.watch(fd:token:)`.
    package let token: UInt64
    /// There are bytes, a connection to accept, or the end of the stream to read.
    package let readable: Bool
    /// The kernel takes bytes again, or a connection attempt has ended. Only while armed.
    package let writable: Bool
    /// The connection is over in both directions, or failed. It cannot be switched off: read what
    /// is left and close, or it is reported again in every round.
    package let hangup: Bool

    package init(token: UInt64, readable: Bool, writable: Bool, hangup: Bool) {
        self.token = token
        self.readable = readable
        self.writable = writable
        self.hangup = hangup
    }
}
