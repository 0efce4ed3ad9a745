extension Connection {
    /// Takes bytes from the peer, in any split, and queues what they mean for `nextEvent()`.
    package mutating func receive(_ bytes: Span<UInt8>, now: Duration) {
        var offset = 0
        while let event = take(bytes, from: &offset, now: now) { emit(event) }
    }

    /// Takes bytes from the peer, in any split, up to the next thing that happens. So a message is
    /// answered, and its memory given back, before the next one is read.
    ///
    /// - Parameter offset: where to go on; 0 at first.
    /// - Returns: nil when all bytes are taken, or ignored because the connection has ended.
    @inline(__always)
    package mutating func nextEvent(
        of bytes: Span<UInt8>, from offset: inout Int, now: Duration
    ) -> Event? {
        if hasEvents { return nextEvent() }
        if let event = take(bytes, from: &offset, now: now) { return event }
        return nextEvent()
    }

    /// The same with the memory that a loop lends, which goes back with `giveBack(to:)`, and with
    /// that of the event before:
    ///
    ///     var next = connection.nextEvent(of: bytes, from: &offset, now: now, lentBy: &spares)
    ///     while let event = next.take() {
    ///         if case .text(let text) = event { _ = connection.send(text: text) }
    ///         next = connection.nextEvent(
    ///             of: bytes, from: &offset, now: now, lentBy: &spares, recycling: event)
    ///     }
    ///
    /// - Parameter last: see `recycle(_:)`.
    package mutating func nextEvent(
        of bytes: Span<UInt8>, from offset: inout Int, now: Duration,
        lentBy spares: inout SpareBuffers, recycling last: consuming Event? = nil
    ) -> Event? {
        if let last = consume last { recycle(last) }
        if phase == .open, offset < bytes.count {
            message.borrow(from: &spares)
            outbox.borrow(from: &spares)
        }
        return nextEvent(of: bytes, from: &offset, now: now)
    }

    /// - Returns: the next message or control frame but Close; the end goes to the queue.
    @inline(__always)
    private mutating func take(
        _ bytes: Span<UInt8>, from offset: inout Int, now: Duration
    ) -> Event? {
        guard offset < bytes.count, phase != .ended, !isEndHeld else { return nil }
        lastReceived = now
        keepalivePingSent = nil
        do {
            // The phase ends with a Close: §5.5.1, what follows it is ignored.
            while offset < bytes.count, phase != .ended, !isEndHeld {
                if let event = try takePart(bytes, from: &offset, now: now) { return event }
            }
        } catch {
            receiveEnd(.violation(error))
        }
        return nil
    }

    /// Takes a head, what there is of a payload, or one byte of a head that was cut.
    @inline(__always)
    private mutating func takePart(
        _ bytes: Span<UInt8>, from offset: inout Int, now: Duration
    ) throws(ProtocolViolation) -> Event? {
        if currentFrame != nil {
            try receivePayload(bytes, from: &offset)
        } else if partialHeader.isEmpty {
            try receiveHeader(bytes, from: &offset, now: now)
        } else {
            try completeHeader(bytes, from: &offset, now: now)
        }
    }

    @inline(__always)
    private mutating func receiveHeader(
        _ bytes: Span<UInt8>, from offset: inout Int, now: Duration
    ) throws(ProtocolViolation) -> Event? {
        guard
            let header = try FrameHeader.parse(
                bytes, at: offset, fromClient: isServer, reservedBits: reservedBits)
        else {
            for index in offset..<bytes.count { partialHeader.append(bytes[index]) }
            offset = bytes.count
            return nil
        }
        offset += header.headerBytes
        return try begin(header, now: now)
    }

    /// Adds a byte to a head that was cut; at most 13 times per frame.
    private mutating func completeHeader(
        _ bytes: Span<UInt8>, from offset: inout Int, now: Duration
    ) throws(ProtocolViolation) -> Event? {
        partialHeader.append(bytes[offset])
        offset += 1
        guard
            let header = try FrameHeader.parse(
                partialHeader.span, at: 0, fromClient: isServer, reservedBits: reservedBits)
        else { return nil }
        partialHeader.removeAll(keepingCapacity: true)
        return try begin(header, now: now)
    }

    @inline(__always)
    private mutating func begin(
        _ header: FrameHeader, now: Duration
    ) throws(ProtocolViolation) -> Event? {
        // §1.4: after our Close the peer's data is of no interest, only its Close is.
        if !header.opcode.isControl, phase == .open {
            if message.opcode == nil { messageBegan = now }
            try message.begin(header, limits: limits)
        }
        if header.length == 0 { return try finish(header) }
        currentFrame = CurrentFrame(
            header: header, remaining: header.length, key: header.maskKey)
        return nil
    }

    @inline(__always)
    private mutating func receivePayload(
        _ bytes: Span<UInt8>, from offset: inout Int
    ) throws(ProtocolViolation) -> Event? {
        guard var frame = currentFrame else { return nil }
        let count = min(frame.remaining, bytes.count - offset)
        let payload = bytes.extracting(offset..<(offset + count))
        offset += count
        if frame.header.opcode.isControl {
            _ = MaskKernel.append(payload, key: frame.key, to: &controlPayload)
        } else if phase == .open {
            try message.append(
                payload, key: frame.key, expected: frame.remaining, limits: limits, codec: &codec)
        }
        frame.remaining -= count
        guard frame.remaining == 0 else {
            frame.key = MaskKernel.advance(frame.key, by: count)
            currentFrame = frame
            return nil
        }
        currentFrame = nil
        return try finish(frame.header)
    }

    /// The frame is whole.
    @inline(__always)
    private mutating func finish(_ header: FrameHeader) throws(ProtocolViolation) -> Event? {
        if header.opcode.isControl {
            var payload: [UInt8] = []
            swap(&payload, &controlPayload)
            return try receiveControl(header.opcode, payload)
        }
        guard header.isFinal, phase == .open else { return nil }
        messageBegan = nil
        return try message.finish(limits: limits, codec: &codec)
    }

    private mutating func receiveControl(
        _ opcode: Opcode, _ payload: [UInt8]
    ) throws(ProtocolViolation) -> Event? {
        switch opcode {
        case .close:
            try receiveClose(payload)
            return nil
        case .ping where phase == .open:
            answerPing(payload)
            return .ping(payload)
        case .pong where phase == .open: return .pong(payload)
        default: return nil
        }
    }

    /// §5.5.1: two bytes of code, then a reason in UTF-8; or nothing at all.
    private mutating func receiveClose(_ payload: [UInt8]) throws(ProtocolViolation) {
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
        receiveEnd(.closed(code: code, reason: reason, isClean: true))
    }
}
