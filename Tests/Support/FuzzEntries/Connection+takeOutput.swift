import WebSocket

extension Connection {
    /// Everything in the outbox, consumed.
    mutating func takeOutput() -> [UInt8] {
        var bytes: [UInt8] = []
        while !outbox.isEmpty {
            let chunk = outbox.chunk(0).dropFirst(outbox.firstOffset)
            bytes += chunk
            consumeOutput(bytes: chunk.count)
        }
        return bytes
    }
}
