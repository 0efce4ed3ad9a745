extension Connection {
    /// Sends a data message compressed, if that was negotiated and is worth it.
    ///
    /// - Returns: nil when it goes as it is.
    mutating func sendCompressed(_ opcode: Opcode, _ payload: Span<UInt8>) -> SendOutcome? {
        guard codec?.wantsToCompress(payloadBytes: payload.count) == true else { return nil }
        let maskKey = maskKeys?.next()
        // Out and in again, so that the closure may change the outbox.
        var codec = self.codec
        self.codec = nil
        defer { self.codec = codec }
        return codec?.compress(payload) { compressed in
            let bytes = Frame.byteCount(payload: compressed.count, isMasked: !isServer)
            guard outbox.hasRoom(forBytes: bytes) else { return .overflow }
            outbox.append(opcode, compressed, isCompressed: true, maskKey: maskKey)
            return .queued
        }
    }

    /// Queues a message that other connections get too: its compressed frame if that was
    /// negotiated, the peer's window can hold it, and it is worth it; else the plain one. Servers
    /// only: a client's frame is masked for it alone.
    package mutating func enqueue(_ message: SharedMessage) -> SendOutcome {
        guard codec != nil, phase == .open else { return enqueue(frame: message.plain) }
        return enqueue(frame: codec?.frame(of: message) ?? message.plain)
    }
}
