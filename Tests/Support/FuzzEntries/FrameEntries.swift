import WebSocket

/// RFC 6455 §5 to §8: a connection fed with what a peer might send.
enum FrameEntries {
    /// The same connection may have an extension: a line each.
    private static let extensions: [MessageExtension] = [
        .none,
        .deflate(
            DeflateParameters(serverNoContextTakeover: true, clientNoContextTakeover: true),
            .standard),
        .deflate(DeflateParameters(), .standard),
        .deflate(
            DeflateParameters(serverMaxWindowBits: 9, clientMaxWindowBits: 9), .standard),
    ]

    private static let limits = ConnectionLimits(
        frameBytesMax: 300, messageBytesMax: 500, fragmentsMax: 6,
        pongBacklogBytesMax: 1_000_000)
    /// For output that nobody takes away: one Close and one Pong may stand above the backlog.
    private static let stuckLimits = ConnectionLimits(
        frameBytesMax: 300, messageBytesMax: 500, fragmentsMax: 6, pongBacklogBytesMax: 200)
    private static let controlFrameBytesMax = 2 + 4 + 125

    private struct Trace: Equatable {
        var events: [Event] = []
        var output: [UInt8] = []
        var action = TransportAction.keepOpen

        var isRefused: Bool { events.contains(.violation(.invalidDeflate)) }
    }

    static func frames(_ bytes: [UInt8], isServer: Bool) throws(FuzzFailure) {
        var input = FuzzInput(bytes)
        let cut = input.choice()
        let size = input.choice()
        // Where we close ourselves: behind everything, mostly.
        let closeAt = input.choice()
        let place = closeAt == 0 ? input.bytes.count : min(closeAt, input.bytes.count)
        let (before, after) = (input.bytes[..<place], input.bytes[place...])
        for messageExtension in extensions {
            let role: Role = isServer ? .server : .client(maskSeed: SIMD8(repeating: 7))
            var connection = Connection(
                role: role, limits: limits, messageExtension: messageExtension, now: .zero)
            let whole = trace(&connection, [before], [after])
            connection = Connection(
                role: role, limits: limits, messageExtension: messageExtension, now: .zero)
            let split = trace(
                &connection, FuzzInput.pieces(before, cut: cut, size: size),
                FuzzInput.pieces(after, cut: cut, size: size))
            try FuzzFailure.check(
                whole == split
                    || isSmallWindow(messageExtension) && (whole.isRefused || split.isRefused),
                "every split gives the same events and bytes")
            try check(whole.events)
            try checkPeer(whole, isServer: isServer, messageExtension)
            try checkStuck(input.bytes, role, messageExtension)
        }
    }

    /// Whether a peer may break its word and refer to what is farther back than its window: zlib
    /// still finds it in the output of the same call, so there the split decides what is refused.
    private static func isSmallWindow(_ messageExtension: MessageExtension) -> Bool {
        guard case .deflate(let parameters, _) = messageExtension else { return false }
        return parameters.serverMaxWindowBits < 15
    }

    private static func trace(
        _ connection: inout Connection, _ before: [ArraySlice<UInt8>],
        _ after: [ArraySlice<UInt8>]
    ) -> Trace {
        var trace = Trace()
        func take() {
            while let event = connection.nextEvent() { trace.events.append(event) }
            trace.output += connection.takeOutput()
        }
        for piece in before {
            connection.receive(piece.span, now: .zero)
            take()
        }
        connection.close(code: .normal, reason: "enough", now: .zero)
        take()
        for piece in after {
            connection.receive(piece.span, now: .zero)
            take()
        }
        trace.action = connection.transportAction
        connection.eof()
        take()
        return trace
    }

    /// The order of events: one `closed`, last; a violation right before it, with its code.
    private static func check(_ events: [Event]) throws(FuzzFailure) {
        for (index, event) in events.enumerated() {
            switch event {
            case .text(let bytes):
                try FuzzFailure.check(
                    String(validating: bytes, as: UTF8.self) != nil
                        && bytes.count <= limits.messageBytesMax, "text is UTF-8, and bounded")
            case .binary(let bytes):
                try FuzzFailure.check(
                    bytes.count <= limits.messageBytesMax, "a message is bounded")
            case .ping(let bytes), .pong(let bytes):
                try FuzzFailure.check(bytes.count <= 125, "a control frame is bounded")
            case .violation(let violation):
                let closed = Event.closed(
                    code: violation.closeCode, reason: violation.reason, isClean: false)
                try FuzzFailure.check(
                    index == events.count - 2 && events.last == closed
                        && violation.closeCode.isAllowedOnWire,
                    "a violation ends the connection with its code")
            case .closed(let code, _, let isClean):
                try FuzzFailure.check(index == events.count - 1, "nothing follows the end")
                try FuzzFailure.check(
                    code.isAllowedOnWire || isClean && code == .noStatus
                        || !isClean && code == .abnormal, "an end has a code")
            }
        }
        guard case .closed? = events.last else {
            throw FuzzFailure(description: "a connection ends with `closed`")
        }
    }

    /// What we wrote is what the other role reads without complaint: each Ping answered in order
    /// with its payload, then exactly one Close.
    private static func checkPeer(
        _ trace: Trace, isServer: Bool, _ messageExtension: MessageExtension
    ) throws(FuzzFailure) {
        var peer = Connection(
            role: isServer ? .client(maskSeed: SIMD8(repeating: 8)) : .server,
            messageExtension: messageExtension,
            now: .zero)
        peer.receive(trace.output.span, now: .zero)
        var pongs: [[UInt8]] = []
        var isClosed = false
        while let event = peer.nextEvent() {
            switch event {
            case .pong(let payload): pongs.append(payload)
            case .closed(_, _, let isClean): isClosed = isClean
            case .text, .binary, .ping, .violation:
                throw FuzzFailure(description: "only Pongs and a Close are written: \(event)")
            }
        }
        let pings = trace.events.compactMap { event in
            if case .ping(let payload) = event { payload } else { nil }
        }
        try FuzzFailure.check(pongs == pings, "each Ping is answered with its payload")
        try FuzzFailure.check(isClosed, "a Close is written")
    }

    /// Nobody reads what we write: it stays bounded, whatever is asked of us.
    private static func checkStuck(
        _ bytes: [UInt8], _ role: Role, _ messageExtension: MessageExtension
    ) throws(FuzzFailure) {
        var connection = Connection(
            role: role, limits: stuckLimits, messageExtension: messageExtension, now: .zero)
        connection.receive(bytes.span, now: .zero)
        let bytesMax = stuckLimits.pongBacklogBytesMax + 2 * controlFrameBytesMax
        try FuzzFailure.check(
            connection.outbox.byteCount <= bytesMax, "answers to a flood are bounded")
        // Time passes: whatever happened, the connection comes to its end.
        for _ in 0..<8 {
            guard let deadline = connection.nextDeadline else { break }
            connection.deadlineReached(now: deadline)
        }
        try FuzzFailure.check(
            connection.nextDeadline == nil && connection.transportAction == .closeNow
                && connection.outbox.isEmpty, "a silent peer is let go")
    }

    /// Accepted exactly when the standard library takes it, in one frame, in two, and in pieces.
    static func text(_ bytes: [UInt8]) throws(FuzzFailure) {
        var input = FuzzInput(bytes)
        let place = input.choice()
        let size = input.choice()
        let text = input.bytes
        let cut = min(place, text.count)
        let isValid = String(validating: text, as: UTF8.self) != nil
        for parts in [[text[...]], [text[..<cut], text[cut...]]] {
            var wire: [UInt8] = []
            for (index, part) in parts.enumerated() {
                let final: UInt8 = index == parts.count - 1 ? 0x80 : 0
                wire += PeerFrame.bytes(
                    first: final | (index == 0 ? 1 : 0), part, isMasked: false)
            }
            for pieces in [[wire[...]], FuzzInput.pieces(wire[...], cut: 1, size: size)] {
                var connection = Connection(
                    role: .client(maskSeed: SIMD8(repeating: 7)), now: .zero)
                for piece in pieces { connection.receive(piece.span, now: .zero) }
                let expected = isValid ? Event.text(text) : .violation(.invalidUTF8)
                try FuzzFailure.check(
                    connection.nextEvent() == expected, "text is taken when it is UTF-8")
            }
        }
    }
}
