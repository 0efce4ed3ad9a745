import Synchronization

/// A compressor of messages (RFC 7692 §7.2.1). Its window stays from one to the next until
/// `reset`.
final class Deflater: Sendable {
    let windowBits: Int
    private let state: Mutex<DeflateState>

    /// Costs zlib's `(1 << (windowBits + 2)) + (1 << (memoryLevel + 9))` bytes and about 6 KiB,
    /// and the output memory that it keeps.
    init(windowBits: Int, level: Int, memoryLevel: Int, keptBytesMax: Int) {
        self.windowBits = windowBits
        state = Mutex(
            DeflateState(
                windowBits: windowBits, level: level, memoryLevel: memoryLevel,
                keptBytesMax: keptBytesMax))
    }

    /// Forgets the window, so that what comes refers to nothing before.
    func reset() {
        state.withLock { $0.reset() }
    }

    /// Compresses one message and hands the payload of its frames to `body`.
    func compress<Result: Sendable>(
        _ message: Span<UInt8>, _ body: (Span<UInt8>) -> Result
    ) -> Result {
        state.withLock { state in
            state.compress(message)
            let result = body(state.output.span)
            state.trim()
            return result
        }
    }
}
