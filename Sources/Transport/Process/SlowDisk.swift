import Glibc

/// A disk that is slower than this machine's, for trials.
package enum SlowDisk {
    /// Blocks the calling thread, as a sync would. Not on an event loop.
    package static func wait(_ duration: Duration) {
        let parts = duration.components
        var time = timespec(
            tv_sec: Int(parts.seconds), tv_nsec: Int(parts.attoseconds / 1_000_000_000))
        // SAFETY: the kernel reads and writes one timespec; a signal leaves the rest in it.
        while unsafe nanosleep(&time, &time) != 0, errno == EINTR {}
    }
}
