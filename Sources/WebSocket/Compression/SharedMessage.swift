import Synchronization

/// A server's text message for any number of connections: encoded once, compressed at most once,
/// its frames never copied. Any thread may hand it to `Connection.enqueue(_:)`.
package final class SharedMessage: Sendable {
    struct Compressed: Sendable {
        let frame: [UInt8]
        /// Its references reach back at most `1 << windowBits` bytes.
        let windowBits: Int
    }

    private enum State {
        case untried
        case useless
        case made(Compressed)
    }

    /// The frame without compression.
    package let plain: [UInt8]
    let payloadBytes: Int
    private let state = Mutex(State.untried)

    /// - Parameter text: valid UTF-8.
    package init(text: [UInt8]) {
        plain = Frame.encode(text: text)
        payloadBytes = text.count
    }

    /// The frame with compression, made at the first call with that caller's configuration.
    ///
    /// - Returns: nil when it would be no shorter.
    func compressed(with configuration: DeflateConfiguration) -> Compressed? {
        state.withLock { state in
            if case .untried = state { state = compress(with: configuration) }
            guard case .made(let compressed) = state else { return nil }
            return compressed
        }
    }

    private func compress(with configuration: DeflateConfiguration) -> State {
        let windowBits = configuration.limits.serverMaxWindowBits
        let deflater = configuration.takeDeflater(
            windowBits: windowBits, payloadBytes: payloadBytes)
        defer { configuration.pool.put(deflater) }
        let plain = plain
        let payload = plain.span.extracting((plain.count - payloadBytes)...)
        let frame: [UInt8]? = deflater.compress(payload) { compressed in
            guard compressed.count < payloadBytes else { return nil }
            var frame: [UInt8] = []
            frame.reserveCapacity(
                Frame.byteCount(payload: compressed.count, isMasked: false))
            Frame.append(.text, compressed, isCompressed: true, maskKey: nil, to: &frame)
            return frame
        }
        return frame.map { .made(Compressed(frame: $0, windowBits: windowBits)) } ?? .useless
    }
}
