/// What one peer still has to receive: chunks of bytes, shared with other peers by copy-on-write,
/// and how far into the first one the kernel got.
///
/// It has no limit of its own: the owner looks at `byteCount` and sheds or closes.
package struct WriteQueue: Sendable {
    package enum FlushResult: Equatable, Sendable {
        /// The kernel took everything: disarm the write interest.
        case emptied
        /// The kernel takes no more for now: arm the write interest.
        case blocked
        case failed(SystemError)
    }

    /// Consumed chunks tolerated at the front of the array before it is moved up.
    private static let consumedChunksMax = 64

    private var chunks: [[UInt8]] = []
    private var head = 0
    private var offset = 0
    /// Bytes not yet taken by the kernel.
    package private(set) var byteCount = 0

    package init() {}

    package var isEmpty: Bool { byteCount == 0 }
    package var chunkCount: Int { chunks.count - head }

    package mutating func append(_ chunk: [UInt8]) {
        guard !chunk.isEmpty else { return }
        chunks.append(chunk)
        byteCount += chunk.count
    }

    package mutating func removeAll() {
        chunks.removeAll()
        head = 0
        offset = 0
        byteCount = 0
    }

    /// Writes until the queue is empty or the kernel refuses.
    package mutating func flush(to socket: Socket) -> FlushResult {
        while byteCount > 0 {
            switch socket.write(chunks[head...], firstOffset: offset) {
            case .wrote(let count): consume(count)
            case .wouldBlock: return .blocked
            case .failed(let error): return .failed(error)
            }
        }
        return .emptied
    }

    private mutating func consume(_ count: Int) {
        byteCount -= count
        offset += count
        while head < chunks.count, offset >= chunks[head].count {
            offset -= chunks[head].count
            chunks[head] = []
            head += 1
        }
        if head == chunks.count {
            chunks.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= Self.consumedChunksMax, head * 2 >= chunks.count {
            chunks.removeSubrange(..<head)
            head = 0
        }
    }
}
