import Glibc

/// A disk that is slower than this machine's, for trials.
package enum SlowDisk {
    /// Blocks the calling thread, as a sync would. Not on an event loop.
    package static func wait(_ duration: Duration) {
        let parts = duration.components
        var time = timespec(
            tv_sec: Int(parts.seconds), tv_nsec: Int(parts.attoseconds / 1_000_000_000))
        var rest = time
        // SAFETY: the kernel reads one timespec and writes one; a signal leaves the rest there.
        while unsafe nanosleep(&time, &rest) != 0, errno == EINTR { time = rest }
    }
}
