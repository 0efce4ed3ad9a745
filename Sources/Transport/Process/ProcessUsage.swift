import Glibc

/// Processor time and memory of a process, for metrics and the load harness.
package struct ProcessUsage: Sendable, Equatable {
    /// User and system time of all threads since the process began. Exact to a microsecond for
    /// this process, to a clock tick (10 ms) for another.
    package let cpuTime: Duration
    /// Memory held now, in bytes.
    package let residentBytes: Int
    /// The most memory held so far, in bytes.
    package let residentBytesMax: Int
    /// Descriptors open now; nil when another user's process hides them.
    package let descriptors: Int?

    /// The usage of the process `id`, or of this one; nil when there is no such process.
    package static func of(_ id: Int32? = nil) -> ProcessUsage? {
        let folder = "/proc/\(id.map(String.init) ?? "self")"
        guard let status = text("\(folder)/status"),
            let resident = kilobytes("VmRSS:", in: status),
            let most = kilobytes("VmHWM:", in: status),
            let time = id == nil ? ownTime() : time(stat: text("\(folder)/stat") ?? "")
        else { return nil }
        return ProcessUsage(
            cpuTime: time, residentBytes: resident * 1024, residentBytesMax: most * 1024,
            descriptors: entries("\(folder)/fd"))
    }

    private static func ownTime() -> Duration? {
        var usage = rusage()
        // SAFETY: writes one struct that lives through the call.
        guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else {
            return nil
        }
        let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
        return .seconds(seconds) + .microseconds(microseconds)
    }

    /// proc(5): fields 14 and 15 are utime and stime. The command name, field 2, may hold spaces
    /// and brackets, so fields are counted after its last bracket.
    package static func time(stat: String) -> Duration? {
        guard let bracket = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: bracket)...].split(separator: " ")
        let ticksPerSecond = sysconf(Int32(_SC_CLK_TCK))
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]),
            ticksPerSecond > 0
        else { return nil }
        return .microseconds((user + system) * 1_000_000 / ticksPerSecond)
    }

    private static func kilobytes(_ name: String, in status: String) -> Int? {
        for line in status.split(separator: "\n") where line.hasPrefix(name) {
            return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
                .flatMap { Int($0) }
        }
        return nil
    }

    /// The text of a file of procfs, all of which fit here.
    private static func text(_ path: String) -> String? {
        // SAFETY: the path is read during the call.
        let fd = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { return nil }
        defer { close(fd) }
        var bytes = [UInt8](repeating: 0, count: 16 * 1024)
        // SAFETY: writes at most `count` bytes into the array's own storage.
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe read(fd, $0.baseAddress, $0.count)
        }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    private static func entries(_ path: String) -> Int? {
        // SAFETY: the path is read during the call; the stream is closed below, once.
        guard let folder = unsafe opendir(path) else { return nil }
        defer { unsafe closedir(folder) }
        var count = 0
        while unsafe readdir(folder) != nil { count += 1 }
        return count - 2  // "." and ".."
    }
}
