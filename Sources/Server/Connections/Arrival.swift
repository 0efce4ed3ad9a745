import Transport

/// A connection that was let in, on its way to the loop that serves it.
struct Arrival: Sendable {
    let socket: Socket
    /// Under what it was counted; nil for not at all.
    let network: ClientNetwork?
}
