/// Where a socket is served: which event loop, and its token there. A token is never used twice.
struct PeerAddress: Hashable, Sendable {
    let shard: Int
    let token: UInt64
}
