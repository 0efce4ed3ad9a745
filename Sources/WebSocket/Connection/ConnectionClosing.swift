extension Connection {
    /// Begins the close handshake, after what is already queued (RFC 6455 §7.1.2). Later messages
    /// of the peer are ignored; `closed` comes with its Close, with `closeTimeout`, or with `eof`.
    /// Without effect when a Close was sent or received before.
    ///
    /// - Parameters:
    ///   - code: one that is allowed on the wire.
    ///   - reason: cut after a whole character to the 123 bytes that fit.
    package mutating func close(code: CloseCode, reason: String = "", now: Duration) {
        precondition(code.isAllowedOnWire, "RFC 6455 §7.4: \(code.rawValue) is not sent")
        guard phase == .open else { return }
        appendClose(code: code, reason: reason)
        phase = .closeSent
        closeDeadline = now + limits.closeTimeout
    }

    /// The peer has closed its half of the TCP connection, or the connection broke.
    package mutating func eof() {
        guard !isEndHeld else {
            isEOFHeld = true
            return
        }
        switch phase {
        case .open, .closeSent:
            // §7.1.5: without a Close the code is 1006.
            end(code: .abnormal, reason: "", isClean: false, then: .closeNow)
        case .ended:
            // A peer may close its half behind its Close frame; ours is still to be written.
            if transportAction == .awaitPeerClose || outbox.isEmpty { closeTransportNow() }
        }
    }

    /// The peer's Close or its violation is here. It waits in the queue behind the messages that
    /// came before it, so that what the owner answers to those leaves before our Close.
    ///
    /// - Parameter end: `.closed` or `.violation`.
    mutating func receiveEnd(_ end: Event) {
        guard hasEvents else { return perform(end) }
        isEndHeld = true
        emit(end)
    }

    mutating func perform(_ end: Event) {
        isEndHeld = false
        switch end {
        case .closed(let code, let reason, _):
            finishHandshake(code: code, reason: reason, now: lastReceived)
        case .violation(let violation): fail(violation, now: lastReceived)
        case .text, .binary, .ping, .pong: break
        }
        if isEOFHeld {
            isEOFHeld = false
            eof()
        }
    }

    /// The peer's Close is here: answers it, unless it is the answer to ours.
    private mutating func finishHandshake(code: CloseCode, reason: String, now: Duration) {
        if phase == .open {
            // §5.5.1: "the endpoint typically echos the status code it received".
            appendClose(code: code, reason: "")
        }
        // §7.1.1: the server closes first, so that the client does not keep TIME_WAIT.
        end(
            code: code, reason: reason, isClean: true,
            then: isServer ? .closeWhenFlushed : .awaitPeerClose)
        closeDeadline = now + limits.closeTimeout
    }

    /// §7.1.7: fails the connection. The Close is sent if none was; the peer's is not waited for.
    private mutating func fail(_ violation: ProtocolViolation, now: Duration) {
        if phase == .open {
            appendClose(code: violation.closeCode, reason: violation.reason)
        }
        emit(.violation(violation))
        end(
            code: violation.closeCode, reason: violation.reason, isClean: false,
            then: .closeWhenFlushed)
        closeDeadline = now + limits.closeTimeout
    }

    mutating func end(
        code: CloseCode, reason: String, isClean: Bool, then action: TransportAction
    ) {
        phase = .ended
        if isEndHeld {
            // Its deadline came first.
            events.removeLast()
            isEndHeld = false
        }
        emit(.closed(code: code, reason: reason, isClean: isClean))
        message = MessageAssembler()
        codec = nil
        currentFrame = nil
        partialHeader = []
        controlPayload = []
        owedPong = nil
        keepalivePingSent = nil
        if action == .closeNow { closeTransportNow() } else { transportAction = action }
    }

    mutating func closeTransportNow() {
        transportAction = .closeNow
        closeDeadline = nil
        outbox.removeAll()
    }

    private mutating func appendClose(code: CloseCode, reason: String) {
        var payload: [UInt8] = []
        if code != .noStatus {
            payload.reserveCapacity(FrameHeader.controlPayloadBytesMax)
            payload.append(UInt8(truncatingIfNeeded: code.rawValue >> 8))
            payload.append(UInt8(truncatingIfNeeded: code.rawValue))
            for scalar in reason.unicodeScalars {
                let bytes = UTF8.encode(scalar)
                guard let bytes,
                    payload.count + bytes.count <= FrameHeader.controlPayloadBytesMax
                else { break }
                payload.append(contentsOf: bytes)
            }
        }
        append(.close, payload.span)
    }
}
