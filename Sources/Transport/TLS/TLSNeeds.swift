/// What the loop must know of a TLS session beyond the kernel's readiness.
struct TLSNeeds: Equatable, Sendable {
    /// Bytes came from the kernel and wait in the session for the next drain.
    var pendingInput = false
    /// Encrypted bytes wait for the kernel.
    var unsent = false
    /// Writing goes on when the peer's part of the handshake has come.
    var writeAwaitsInput = false
}
