import Glibc
import Transport

/// The machine of a run, and how busy it is: a figure means little without both.
struct Machine {
    /// Of all processors together since the start, whoever had them.
    struct Usage {
        let busy: Duration
        let at: Duration

        static func now() -> Usage? {
            guard let text = TextFile.read("/proc/stat"),
                let line = text.split(separator: "\n").first
            else { return nil }
            // proc(5): user, nice, system, idle, iowait, irq, softirq, steal, then guests, whose
            // time is in the user's already.
            let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Int($0) }
            let perSecond = sysconf(Int32(_SC_CLK_TCK))
            guard ticks.count == 8, perSecond > 0 else { return nil }
            let busy = ticks.reduce(0, +) - ticks[3] - ticks[4]
            return Usage(
                busy: .microseconds(busy * 1_000_000 / perSecond), at: EventLoop.now)
        }
    }

    /// Processors that others used on average since `usage`.
    ///
    /// - Parameter own: processor time of the run itself, servers and load.
    static func othersCores(since usage: Usage, own: Duration) -> Double? {
        guard let now = Usage.now(), now.at > usage.at else { return nil }
        return max(0, (now.busy - usage.busy - own) / (now.at - usage.at))
    }

    /// Of the children that have ended and were waited for.
    static func childrenTime() -> Duration {
        var usage = rusage()
        // SAFETY: writes one struct that lives through the call.
        _ = unsafe getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        return .seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + .microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
    }

    static let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))

    /// Such as `2 cores (AMD EPYC), 24 GiB, Linux 6.1.0`.
    static var shape: String {
        let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        let gibibytes = (memory + 1 << 29) >> 30
        let kernel = TextFile.read("/proc/sys/kernel/osrelease") ?? "of unknown version"
        return "\(cores) cores (\(processor)), \(gibibytes) GiB, "
            + "Linux \(kernel.split(separator: "\n").first ?? "")"
    }

    private static var processor: String {
        for line in (TextFile.read("/proc/cpuinfo") ?? "").split(separator: "\n")
        where line.hasPrefix("model name") {
            guard let colon = line.firstIndex(of: ":") else { break }
            return String(line[line.index(colon, offsetBy: 2)...])
        }
        return "unknown processor"
    }
}
