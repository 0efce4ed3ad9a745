import Glibc

/// How long a disk takes to promise that it has something: the floor under every acknowledgement.
package enum DiskSync {
    /// A page of the database, which is what the log is made of.
    package static let writeBytes = 4_096

    /// Appends a page to a fresh file of `folder` and syncs its data, `count` times; the file is
    /// gone afterwards. Blocks the calling thread: not on an event loop.
    /// - Returns: how long each write with its sync took, in their order.
    package static func measure(in folder: String, count: Int) throws(SystemError) -> [Duration] {
        let path = "\(folder)/sync-\(getpid())"
        // SAFETY: the path is read during both calls.
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError.last }
        defer { close(descriptor) }
        // Nothing is left over, whatever ends the measurement.
        _ = unsafe unlink(path)
        let page = [UInt8](repeating: 0x5A, count: writeBytes)
        var times: [Duration] = []
        times.reserveCapacity(count)
        for index in 0..<count {
            let began = EventLoop.now
            // SAFETY: reads the array's own bytes during the call.
            let written = unsafe page.withUnsafeBytes {
                unsafe pwrite(descriptor, $0.baseAddress, $0.count, off_t(index * writeBytes))
            }
            guard written == writeBytes else {
                throw written < 0 ? SystemError.last : SystemError(code: ENOSPC)
            }
            guard fdatasync(descriptor) == 0 else { throw SystemError.last }
            times.append(EventLoop.now - began)
        }
        return times
    }
}
