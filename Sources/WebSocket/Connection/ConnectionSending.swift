extension Connection {
    /// Sends a text message.
    ///
    /// - Parameter text: valid UTF-8.
    package mutating func send(text: [UInt8]) -> SendOutcome {
        assert(UTF8Validator.isValid(text.span), "a text message is UTF-8")
        return send(.text, text.span)
    }

    /// Sends a text message.
    package mutating func send(text: String) -> SendOutcome {
        send(.text, text.utf8.span)
    }

    /// Sends a binary message.
    package mutating func send(binary: [UInt8]) -> SendOutcome {
        send(.binary, binary.span)
    }

    /// Queues a frame made by `Frame.encode`, shared with other connections and not copied. Servers
    /// only: a client's frame is masked for it alone.
    package mutating func enqueue(frame: [UInt8]) -> SendOutcome {
        precondition(isServer, "RFC 6455 §5.1: a client masks its frames")
        guard phase == .open else { return .notOpen }
        guard outbox.hasRoom(forBytes: frame.count) else { return .overflow }
        outbox.append(shared: frame)
        return .queued
    }

    /// Sends a Ping of the application's own; `pong` comes back with the same payload, unless the
    /// peer answers a later Ping instead (RFC 6455 §5.5.3).
    ///
    /// - Parameter payload: at most 125 bytes.
    package mutating func ping(_ payload: [UInt8] = []) -> SendOutcome {
        precondition(payload.count <= FrameHeader.controlPayloadBytesMax, "RFC 6455 §5.5")
        return send(.ping, payload.span)
    }

    /// Forgets the output that has not begun to leave, to make room for a last word before `close`.
    package mutating func discardUnsentOutput() {
        guard phase == .open else { return }
        outbox.discardUnsent()
        codec?.forgetOutbound()
        owedPong = nil
    }

    @inline(__always)
    private mutating func send(_ opcode: Opcode, _ payload: Span<UInt8>) -> SendOutcome {
        guard phase == .open else { return .notOpen }
        if codec != nil, !opcode.isControl, let outcome = sendCompressed(opcode, payload) {
            return outcome
        }
        let bytes = Frame.byteCount(payload: payload.count, isMasked: !isServer)
        guard outbox.hasRoom(forBytes: bytes) else { return .overflow }
        append(opcode, payload)
        return .queued
    }

    /// Adds a frame whatever the hard mark says.
    @inline(__always)
    mutating func append(_ opcode: Opcode, _ payload: Span<UInt8>) {
        outbox.append(opcode, payload, maskKey: maskKeys?.next())
    }

    /// §5.5.3: "If an endpoint receives a Ping frame and has not yet sent Pong frame(s) in response
    /// to previous Ping frame(s), the endpoint MAY elect to send a Pong frame for only the most
    /// recently processed Ping frame." So a flood of Pings costs one Pong of memory.
    mutating func answerPing(_ payload: [UInt8]) {
        if owedPong == nil, outbox.byteCount <= limits.pongBacklogBytesMax {
            append(.pong, payload.span)
        } else {
            owedPong = payload
        }
    }

    mutating func payOwedPong() {
        guard phase == .open, outbox.byteCount <= limits.pongBacklogBytesMax,
            let payload = owedPong
        else { return }
        owedPong = nil
        append(.pong, payload.span)
    }
}
