import Synchronization

/// Descriptors whose kernel state no longer says all, told to their loop by their TLS sessions:
/// bytes that were taken from the kernel and not yet given out, or that it has yet to take.
final class LoopAttention: Sendable {
    private let descriptors = Mutex<[Int32]>([])

    func add(_ fd: Int32) { descriptors.withLock { $0.append(fd) } }

    var isEmpty: Bool { descriptors.withLock { $0.isEmpty } }

    /// Exchanges what was told for the empty array `batch`, so both keep their storage.
    func take(into batch: inout [Int32]) {
        descriptors.withLock { swap(&$0, &batch) }
    }
}
