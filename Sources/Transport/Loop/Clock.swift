import Glibc

extension EventLoop {
    /// CLOCK_MONOTONIC: time since an arbitrary origin that never steps. For every deadline.
    package static var now: Duration {
        let time = read(CLOCK_MONOTONIC)
        return Duration(
            secondsComponent: Int64(time.tv_sec),
            attosecondsComponent: Int64(time.tv_nsec) * 1_000_000_000)
    }

    /// Milliseconds since 1970 by the wall clock, which may step. For stamps and records only.
    package static var wallClockMs: Int64 {
        let time = read(CLOCK_REALTIME)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        // SAFETY: writes one struct that lives through the call. Both clocks always exist.
        _ = unsafe clock_gettime(clock, &time)
        return time
    }
}

extension Duration {
    /// Whole ones; those of a monotonic clock fit for centuries.
    var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
