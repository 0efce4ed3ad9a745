import Glibc

/// What the kernel answered when it refused, as far as a caller can act on the difference.
package enum SystemError: Error, Equatable, Sendable {
    case addressInUse
    case addressNotAvailable
    case accessDenied
    case connectionRefused
    case connectionReset
    case brokenPipe
    case timedOut
    case hostUnreachable
    case networkUnreachable
    /// This process (EMFILE) or the whole machine (ENFILE) has no descriptor left.
    case tooManyDescriptors
    /// The kernel has no memory for buffers at present.
    case noMemory
    /// The descriptor was closed by ourselves.
    case closed
    /// Not the kernel's: the connection speaks TLS, and that failed.
    case tls(TLSFailure)
    case other(code: Int32)

    init(code: Int32) {
        switch code {
        case EADDRINUSE: self = .addressInUse
        case EADDRNOTAVAIL: self = .addressNotAvailable
        case EACCES, EPERM: self = .accessDenied
        case ECONNREFUSED: self = .connectionRefused
        case ECONNRESET: self = .connectionReset
        case EPIPE: self = .brokenPipe
        case ETIMEDOUT: self = .timedOut
        case EHOSTUNREACH: self = .hostUnreachable
        case ENETUNREACH: self = .networkUnreachable
        case EMFILE, ENFILE: self = .tooManyDescriptors
        case ENOMEM, ENOBUFS: self = .noMemory
        case EBADF: self = .closed
        default: self = .other(code: code)
        }
    }

    /// The error of the system call that has just failed on this thread.
    static var last: SystemError { SystemError(code: errno) }
}

extension SystemError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .addressInUse: "the address is in use"
        case .addressNotAvailable: "this machine has no such address"
        case .accessDenied: "permission denied"
        case .connectionRefused: "nobody listens there"
        case .connectionReset: "the peer broke the connection"
        case .brokenPipe: "the peer no longer reads"
        case .timedOut: "no answer in time"
        case .hostUnreachable: "the host cannot be reached"
        case .networkUnreachable: "the network cannot be reached"
        case .tooManyDescriptors: "no file descriptor is left: raise the limit (ulimit -n)"
        case .noMemory: "the kernel has no memory left for sockets"
        case .closed: "the descriptor is closed"
        case .tls(let failure): "\(failure)"
        case .other(let code): Self.text(of: code)
        }
    }

    private static func text(of code: Int32) -> String {
        // SAFETY: glibc keeps the text in this thread's storage until the next call; it is copied.
        guard let text = unsafe strerror(code) else { return "system error \(code)" }
        return unsafe String(cString: text)
    }
}
