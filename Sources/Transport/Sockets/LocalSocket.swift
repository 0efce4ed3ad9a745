import CLinux
import Glibc

/// Unix domain sockets: between processes of one user on one machine.
package enum LocalSocket {
    /// Why nothing came of a call.
    package enum Failure: Error, Equatable, Sendable {
        /// Nobody listens there.
        case nobody
        /// The path does not fit an address of the kernel.
        case pathTooLong
        case system(SystemError)
        /// More than was asked for.
        case tooLarge
    }

    /// How long one read or write of `exchange` may take.
    package static let exchangeSeconds = 30

    /// Calls `body` with the address of a path.
    static func withAddress<R>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R
    ) throws(Failure) -> R {
        var form = sockaddr_un()
        form.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        // One byte stays for the zero at the end.
        guard bytes.count < MemoryLayout.size(ofValue: form.sun_path), !bytes.contains(0) else {
            throw .pathTooLong
        }
        // SAFETY: the copy is shorter than the field, and the address outlives `body`.
        unsafe withUnsafeMutableBytes(of: &form.sun_path) { unsafe $0.copyBytes(from: bytes) }
        return unsafe withUnsafeBytes(of: &form) { raw in
            // SAFETY: the storage is a whole sockaddr_un.
            let address = unsafe raw.assumingMemoryBound(to: sockaddr.self)
            return unsafe body(
                address.baseAddress.unsafelyUnwrapped, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }

    /// Sends a request, and reads the answer until the other side closes. It blocks the thread.
    package static func exchange(
        path: String, request: [UInt8], answerBytesMax: Int
    ) throws(Failure) -> [UInt8] {
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
        let fd = Glibc.socket(AF_UNIX, Int32(kind), 0)
        guard fd >= 0 else { throw .system(.last) }
        defer { Glibc.close(fd) }
        // SAFETY: the kernel reads the address during the call.
        let status = try unsafe withAddress(path) { unsafe Glibc.connect(fd, $0, $1) }
        guard status == 0 else {
            throw errno == ENOENT || errno == ECONNREFUSED ? .nobody : .system(.last)
        }
        bound(fd, SO_RCVTIMEO)
        bound(fd, SO_SNDTIMEO)
        try write(request, to: fd)
        return try readAll(from: fd, max: answerBytesMax)
    }

    private static func bound(_ fd: Int32, _ option: Int32) {
        var time = timeval(tv_sec: exchangeSeconds, tv_usec: 0)
        // SAFETY: the option is read from one timeval during the call.
        _ = unsafe setsockopt(
            fd, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    private static func write(_ bytes: [UInt8], to fd: Int32) throws(Failure) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes { buffer in
                // SAFETY: the buffer is valid during the call and as long as its count.
                unsafe send(fd, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system(.last) }
            written += count
        }
    }

    private static func readAll(from fd: Int32, max: Int) throws(Failure) -> [UInt8] {
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: Socket.readBufferBytes)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { target in
                // SAFETY: the buffer is valid during the call and as long as its count.
                unsafe recv(fd, target.baseAddress, target.count, 0)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(.last) }
            if count == 0 { return answer }
            answer += buffer.prefix(count)
            guard answer.count <= max else { throw .tooLarge }
        }
    }
}

extension LocalSocket.Failure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .nobody: "nobody listens there"
        case .pathTooLong: "its path is too long for a socket"
        case .system(let error): "\(error)"
        case .tooLarge: "the answer is larger than was asked for"
        }
    }
}
