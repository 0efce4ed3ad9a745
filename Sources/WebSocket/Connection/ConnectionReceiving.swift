extension Connection {
    /// Takes bytes from the peer, in any split.
    package mutating func receive(_ bytes: Span<UInt8>, now: Duration) {
        guard phase != .ended, !bytes.isEmpty else { return }
        lastReceived = now
        keepalivePingSent = nil
        do {
            var offset = 0
            // The phase ends with a Close: §5.5.1, what follows it is ignored.
            while offset < bytes.count, phase != .ended {
                if currentFrame != nil {
                    offset += try receivePayload(bytes, at: offset, now: now)
                } else if partialHeader.isEmpty {
                    offset += try receiveHeader(bytes, at: offset, now: now)
                } else {
                    offset += try completeHeader(bytes, at: offset, now: now)
                }
            }
        } catch {
            fail(error, now: now)
        }
    }

    /// - Returns: bytes taken.
    @inline(__always)
    private mutating func receiveHeader(
        _ bytes: Span<UInt8>, at offset: Int, now: Duration
    ) throws(ProtocolViolation) -> Int {
        guard
            let header = try FrameHeader.parse(
                bytes, at: offset, fromClient: isServer, reservedBits: reservedBits)
        else {
            for index in offset..<bytes.count { partialHeader.append(bytes[index]) }
            return bytes.count - offset
        }
        try begin(header, now: now)
        return header.headerBytes
    }

    /// Adds a byte to a head that was cut; at most 13 times per frame.
    private mutating func completeHeader(
        _ bytes: Span<UInt8>, at offset: Int, now: Duration
    ) throws(ProtocolViolation) -> Int {
        partialHeader.append(bytes[offset])
        if let header = try FrameHeader.parse(
            partialHeader.span, at: 0, fromClient: isServer, reservedBits: reservedBits)
        {
            partialHeader.removeAll(keepingCapacity: true)
            try begin(header, now: now)
        }
        return 1
    }

    @inline(__always)
    private mutating func begin(
        _ header: FrameHeader, now: Duration
    ) throws(ProtocolViolation) {
        // §1.4: after our Close the peer's data is of no interest, only its Close is.
        if !header.opcode.isControl, phase == .open {
            if message.opcode == nil { messageBegan = now }
            try message.begin(header, limits: limits)
        }
        if header.length == 0 {
            try finish(header, now: now)
        } else {
            currentFrame = CurrentFrame(
                header: header, remaining: header.length, key: header.maskKey)
        }
    }

    /// - Returns: bytes taken.
    @inline(__always)
    private mutating func receivePayload(
        _ bytes: Span<UInt8>, at offset: Int, now: Duration
    ) throws(ProtocolViolation) -> Int {
        guard var frame = currentFrame else { return 0 }
        let count = min(frame.remaining, bytes.count - offset)
        let payload = bytes.extracting(offset..<(offset + count))
        if frame.header.opcode.isControl {
            _ = MaskKernel.append(payload, key: frame.key, to: &controlPayload)
        } else if phase == .open {
            try message.append(
                payload, key: frame.key, expected: frame.remaining, limits: limits, codec: &codec)
        }
        frame.remaining -= count
        if frame.remaining == 0 {
            currentFrame = nil
            try finish(frame.header, now: now)
        } else {
            frame.key = MaskKernel.advance(frame.key, by: count)
            currentFrame = frame
        }
        return count
    }

    /// The frame is whole.
    @inline(__always)
    private mutating func finish(
        _ header: FrameHeader, now: Duration
    ) throws(ProtocolViolation) {
        if header.opcode.isControl {
            var payload: [UInt8] = []
            swap(&payload, &controlPayload)
            try receiveControl(header.opcode, payload, now: now)
        } else if header.isFinal, phase == .open {
            messageBegan = nil
            emit(try message.finish(limits: limits, codec: &codec))
        }
    }

    private mutating func receiveControl(
        _ opcode: Opcode, _ payload: [UInt8], now: Duration
    ) throws(ProtocolViolation) {
        switch opcode {
        case .close: try receiveClose(payload, now: now)
        case .ping where phase == .open:
            answerPing(payload)
            emit(.ping(payload))
        case .pong where phase == .open: emit(.pong(payload))
        default: break
        }
    }

    /// §5.5.1: two bytes of code, then a reason in UTF-8; or nothing at all.
    private mutating func receiveClose(
        _ payload: [UInt8], now: Duration
    ) throws(ProtocolViolation) {
        var code = CloseCode.noStatus
        var reason = ""
        if !payload.isEmpty {
            guard payload.count >= 2 else { throw .truncatedCloseCode }
            code = CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
            guard code.isAllowedOnWire else { throw .invalidCloseCode }
            guard UTF8Validator.isValid(payload.span.extracting(2..<payload.count)) else {
                throw .invalidCloseReason
            }
            reason = String(decoding: payload[2...], as: UTF8.self)
        }
        finishHandshake(code: code, reason: reason, now: now)
    }
}
