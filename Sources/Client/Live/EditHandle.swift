/// An edit that was made. It is shown at once and sent when the server can be reached.
public struct EditHandle: Sendable {
    let promise: Promise<Void>

    /// Returns when the edit is on the server's disk for good.
    /// - Throws: `refused` with the reason when the server will never take it; `left`, `stopped`
    ///   or `closed` when its fate can no longer be known here.
    public func settled() async throws(ClientError) {
        try await promise.value()
    }

    /// Whether it is settled, either way.
    public var isSettled: Bool { promise.result != nil }
}
