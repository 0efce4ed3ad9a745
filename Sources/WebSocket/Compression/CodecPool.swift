import Synchronization

/// Compressors and decompressors between messages, so that a connection without context takeover
/// has one only while it works on a message. Any thread may use it; it never blocks for long.
final class CodecPool: Sendable {
    private struct Idle {
        var inflaters: [Inflater] = []
        var deflaters: [Deflater] = []
    }

    /// Output memory that a compressor keeps.
    static let keptBytesMax = 32_768

    /// Of each kind.
    private let idleMax: Int
    private let idle = Mutex(Idle())

    init(idleMax: Int) {
        self.idleMax = idleMax
    }

    /// One with an empty window, of 15 bits whatever was agreed on: it inflates what any window
    /// made, so one kind serves every connection, and it is held for a message only. That it
    /// understands a peer who reaches back farther than was agreed harms nobody.
    func takeInflater() -> Inflater {
        idle.withLock { $0.inflaters.popLast() }
            ?? Inflater(windowBits: DeflateParameters.windowBitsRange.upperBound)
    }

    func put(_ inflater: Inflater) {
        guard idleMax > 0 else { return }
        inflater.reset()
        idle.withLock { if $0.inflaters.count < idleMax { $0.inflaters.append(inflater) } }
    }

    /// One with an empty window of that size, or nil.
    func takeDeflater(windowBits: Int) -> Deflater? {
        idle.withLock { idle in
            // Plain, so that it allocates nothing without optimisation either.
            var index = 0
            while index < idle.deflaters.count {
                if idle.deflaters[index].windowBits == windowBits {
                    return idle.deflaters.remove(at: index)
                }
                index += 1
            }
            return nil
        }
    }

    func put(_ deflater: Deflater) {
        guard idleMax > 0 else { return }
        deflater.reset()
        idle.withLock {
            // The oldest goes: windows that are asked for stay.
            if $0.deflaters.count >= idleMax { $0.deflaters.removeFirst() }
            $0.deflaters.append(deflater)
        }
    }
}

// MARK: - Hashable

extension CodecPool: Hashable {
    static func == (left: CodecPool, right: CodecPool) -> Bool { left === right }

    func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}
