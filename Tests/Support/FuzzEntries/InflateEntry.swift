import WebSocket

/// RFC 7692 §7.2: what a peer may send compressed, and what becomes of it when we send it on.
enum InflateEntry {
    private static let limits = ConnectionLimits(
        frameBytesMax: 1_100, messageBytesMax: 1_100, fragmentsMax: 1_100)

    private static let takeover = DeflateParameters()
    private static let noTakeover = DeflateParameters(
        serverNoContextTakeover: true, clientNoContextTakeover: true)
    private static let smallWindows = DeflateParameters(
        serverMaxWindowBits: 9, clientMaxWindowBits: 9)

    /// Compresses whatever is sent.
    private static let eager = DeflateConfiguration(messageBytesMin: 0, level: 6)

    /// The payload of one compressed message, or of two. The last bytes choose: the kind (`T` text,
    /// `B` binary, to a server; small letters to a client), where the second message begins, the
    /// first frame's and the other frames' bytes, the bytes of a piece that is received.
    static func inflate(_ bytes: [UInt8]) throws(FuzzFailure) {
        var input = FuzzInput(bytes)
        let kind = input.choice()
        let place = input.choice()
        let cut = input.choice()
        let frameBytes = input.choice()
        let pieceBytes = input.choice()
        let isText = kind & 0xDF == UInt8(ascii: "T")
        let isServer = kind & 0x20 == 0
        var messages = [input.bytes[...]]
        if place > 0, place < input.bytes.count {
            messages = [input.bytes[..<place], input.bytes[place...]]
        }
        let plain = messages.flatMap { message in
            wire([message], isText: isText, isServer: isServer)
        }
        let fragmented = messages.flatMap { message in
            let parts = FuzzInput.pieces(message, cut: cut, size: frameBytes)
            return wire(parts, isText: isText, isServer: isServer)
        }
        let splits = [plain, fragmented].flatMap { wire in
            [[wire[...]], FuzzInput.pieces(wire[...], cut: cut, size: pieceBytes)]
        }
        let expected = twin(messages, isText: isText, keepsContext: true)
        let alone = twin(messages, isText: isText, keepsContext: false)
        for pieces in splits {
            try FuzzFailure.check(
                try events(pieces, takeover, isServer: isServer) == expected,
                "every split inflates to what the twin says")
            try FuzzFailure.check(
                try events(pieces, noTakeover, isServer: isServer) == alone,
                "every split inflates to what the twin says without a context")
        }
        // A peer may break its word and refer to what is farther back than the window: zlib still
        // finds it in the output of the same call, so there the split decides.
        for pieces in splits {
            let small = try events(pieces, smallWindows, isServer: isServer)
            try FuzzFailure.check(
                small == expected || isRefused(small, after: expected),
                "a small window gives the same, or refuses")
        }
        try checkRoundTrip(expected, isServer: isServer)
        try checkRoundTrip(alone, isServer: isServer)
    }

    /// What the slow twin makes of the messages: of several faults the first in the output.
    private static func twin(
        _ messages: [ArraySlice<UInt8>], isText: Bool, keepsContext: Bool
    ) -> [Event] {
        var events: [Event] = []
        var history: [UInt8] = []
        for payload in messages {
            if !keepsContext { history = [] }
            let start = history.count
            let isWhole =
                payload.isEmpty
                || NaiveInflate.append(
                    Array(payload), bytesMax: limits.messageBytesMax, to: &history)
            let message = Array(history[start...])
            let fault: ProtocolViolation? =
                if isText, !isTextBegun(message.prefix(limits.messageBytesMax)) {
                    .invalidUTF8
                } else if message.count > limits.messageBytesMax {
                    .messageTooBig
                } else if !isWhole {
                    .invalidDeflate
                } else if isText, String(validating: message, as: UTF8.self) == nil {
                    .invalidUTF8
                } else {
                    nil
                }
            if let fault {
                return events + [
                    .violation(fault),
                    .closed(code: fault.closeCode, reason: fault.reason, isClean: false),
                ]
            }
            events.append(isText ? .text(message) : .binary(message))
        }
        return events
    }

    /// Whether the bytes can be continued to UTF-8.
    private static func isTextBegun(_ bytes: ArraySlice<UInt8>) -> Bool {
        let ends: [[UInt8]] =
            [[]] + [0x80, 0x90, 0xA0].flatMap { [[$0], [$0, 0x80], [$0, 0x80, 0x80]] }
        return ends.contains { String(validating: bytes + $0, as: UTF8.self) != nil }
    }

    /// One message, with a Ping before each continuation.
    private static func wire(
        _ parts: [ArraySlice<UInt8>], isText: Bool, isServer: Bool
    ) -> [UInt8] {
        let opcode: UInt8 = isText ? 0x41 : 0x42
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if index > 0 { bytes += PeerFrame.bytes(first: 0x89, [], isMasked: isServer) }
            let final: UInt8 = index == parts.count - 1 ? 0x80 : 0
            bytes += PeerFrame.bytes(
                first: final | (index == 0 ? opcode : 0), part, isMasked: isServer)
        }
        return bytes
    }

    /// All but the Pings. What is inflated costs no more memory than the largest message may.
    private static func events(
        _ pieces: [ArraySlice<UInt8>], _ parameters: DeflateParameters, isServer: Bool
    ) throws(FuzzFailure) -> [Event] {
        var connection = Connection(
            role: isServer ? .server : .client(maskSeed: SIMD8(repeating: 7)), limits: limits,
            messageExtension: .deflate(parameters, eager), now: .zero)
        var events: [Event] = []
        for piece in pieces {
            connection.receive(piece.span, now: .zero)
            while let event = connection.nextEvent() {
                switch event {
                case .text(let message), .binary(let message):
                    try FuzzFailure.check(
                        message.capacity <= 2 * limits.messageBytesMax, "memory is bounded")
                    events.append(event)
                case .ping: break
                case .pong, .violation, .closed: events.append(event)
                }
            }
            connection.consumeOutput(bytes: connection.outbox.byteCount)
        }
        return events
    }

    /// Whether the events are the beginning of the expected ones, and then a refusal.
    private static func isRefused(_ events: [Event], after expected: [Event]) -> Bool {
        guard let place = events.firstIndex(of: .violation(.invalidDeflate)) else { return false }
        return expected.starts(with: events[..<place])
    }

    /// What was inflated is sent with each agreement, and comes back as it was.
    private static func checkRoundTrip(_ events: [Event], isServer: Bool) throws(FuzzFailure) {
        for parameters in [takeover, noTakeover, smallWindows] {
            let messageExtension = MessageExtension.deflate(parameters, eager)
            var sender = Connection(
                role: isServer ? .server : .client(maskSeed: SIMD8(repeating: 9)),
                messageExtension: messageExtension, now: .zero)
            var receiver = Connection(
                role: isServer ? .client(maskSeed: SIMD8(repeating: 9)) : .server,
                messageExtension: messageExtension, now: .zero)
            // Twice, so that there is a context; a server sends every other one to many.
            for (index, event) in (events + events).enumerated() {
                let outcome: SendOutcome
                switch event {
                case .text(let message):
                    outcome =
                        isServer && index % 2 == 1
                        ? sender.enqueue(SharedMessage(text: message))
                        : sender.send(text: message)
                case .binary(let message):
                    outcome = sender.send(binary: message)
                case .ping, .pong, .violation, .closed: continue
                }
                try FuzzFailure.check(outcome == .queued, "a message is sent")
                receiver.receive(sender.takeOutput().span, now: .zero)
                try FuzzFailure.check(
                    receiver.nextEvent() == event && receiver.nextEvent() == nil,
                    "a message comes back")
            }
        }
    }
}
