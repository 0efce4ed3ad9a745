import CLinux
import Glibc
import Synchronization

/// A listening TCP socket: `bind`, `EventLoop.watch(fd:token:)`, then `accept(on:now:_:)` whenever
/// it is readable.
package final class Listener: Sendable {
    /// How a call of `accept` ended.
    package enum AcceptResult: Equatable, Sendable {
        /// Nobody waits any more.
        case drained
        /// The bound of a round was reached; the rest is reported again.
        case limited
        /// The process or the machine has no descriptors or memory left. Accepting goes on by
        /// itself at the deadline; connections wait in the backlog until then.
        case paused(until: Duration, SystemError)
        case failed(SystemError)
    }

    /// What one try of the kernel's accept gave.
    package enum Accepted: Sendable {
        case connection(fd: Int32, SocketAddress?)
        case failed(code: Int32)
    }

    /// Connections the kernel completes while no one accepts them; it caps this itself
    /// (net.core.somaxconn, 4096 on current kernels).
    package static let backlog: Int32 = 4096
    /// Connections accepted per round, so that a flood of new ones leaves room for the others.
    package static let acceptsPerRoundMax = 64
    /// The wait after running out of descriptors: long enough not to spin, and a client that waits
    /// in the backlog hardly notices.
    package static let exhaustedPause: Duration = .milliseconds(100)

    /// The bound address, with the real port when 0 was asked for; loopback without a port for a
    /// local socket.
    package let address: SocketAddress
    /// Where its file is, when it is a Unix socket.
    package let path: String?
    package var isLocal: Bool { path != nil }
    package var port: UInt16 { address.port }

    private static let closedMark: Int32 = -1
    private let descriptor: Atomic<Int32>
    private let acceptOne: @Sendable (Int32) -> Accepted
    private let tls: TLSContext?

    /// Opens a listener on a numeric IPv4 or IPv6 address; port 0 lets the kernel choose.
    /// - Parameter tls: what its connections speak; nil for plain TCP.
    package static func bind(
        host: String, port: UInt16, tls: TLSContext? = nil
    ) throws(ListenError) -> Listener {
        guard let address = SocketAddress(host: host, port: port) else {
            throw .notAnAddress(host: host)
        }
        do throws(SystemError) {
            return try open(address, tls: tls, acceptOne: kernelAccept)
        } catch {
            throw ListenError(error, host: host, port: port)
        }
    }

    /// - Parameter acceptOne: the kernel's accept, or a test's.
    package static func open(
        _ address: SocketAddress, tls: TLSContext? = nil,
        acceptOne: @escaping @Sendable (Int32) -> Accepted
    ) throws(SystemError) -> Listener {
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let fd = Glibc.socket(address.family, Int32(kind), 0)
        guard fd >= 0 else { throw .last }
        do throws(SystemError) {
            // Connections of a stopped server stay in TIME_WAIT; a restart must not wait.
            try set(fd, SOL_SOCKET, SO_REUSEADDR)
            // "::" means IPv6 here, so that both families can be listened on apart.
            if address.isIPv6 { try set(fd, Int32(IPPROTO_IPV6), IPV6_V6ONLY) }
            // SAFETY: the kernel copies the address during the call.
            let status = unsafe address.withKernelForm { unsafe Glibc.bind(fd, $0, $1) }
            guard status == 0, listen(fd, backlog) == 0 else { throw .last }
            // SAFETY: the kernel writes at most `length` bytes of address.
            let bound = unsafe SocketAddress.fromKernel { unsafe getsockname(fd, $0, $1) == 0 }
            guard let bound else { throw .last }
            return Listener(owning: fd, address: bound, tls: tls, acceptOne: acceptOne)
        } catch {
            Glibc.close(fd)
            throw error
        }
    }

    /// Opens a Unix socket for processes of the same user: mode 0600, and the kernel is asked
    /// who connects. Whatever stands at the path is replaced, so the caller owns its folder.
    package static func bindLocal(path: String) throws(LocalSocket.Failure) -> Listener {
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let fd = Glibc.socket(AF_UNIX, Int32(kind), 0)
        guard fd >= 0 else { throw .system(.last) }
        do throws(LocalSocket.Failure) {
            // SAFETY: reads the path, which is NUL-terminated during the call.
            unsafe unlink(path)
            // unix(7): the file gets the mode of the descriptor, so it is never open to others.
            guard fchmod(fd, 0o600) == 0 else { throw .system(.last) }
            // SAFETY: the kernel copies the address during the call.
            let status = try unsafe LocalSocket.withAddress(path) { unsafe Glibc.bind(fd, $0, $1) }
            guard status == 0, listen(fd, backlog) == 0 else { throw .system(.last) }
            let none = SocketAddress(octets: [127, 0, 0, 1], port: 0)
            return Listener(
                owning: fd, address: none, path: path, tls: nil, acceptOne: localAccept)
        } catch {
            Glibc.close(fd)
            throw error
        }
    }

    private init(
        owning fd: Int32, address: SocketAddress, path: String? = nil, tls: TLSContext?,
        acceptOne: @escaping @Sendable (Int32) -> Accepted
    ) {
        self.tls = tls
        descriptor = Atomic(fd)
        self.address = address
        self.path = path
        self.acceptOne = acceptOne
    }

    deinit { close() }

    /// The descriptor to watch, or -1 after `close()`.
    package var fd: Int32 { descriptor.load(ordering: .relaxed) }

    /// Accepts who waits, up to a bound, and gives each socket to `body`. On the loop.
    package func accept(
        on loop: EventLoop, now: Duration, _ body: (Socket) -> Void
    ) -> AcceptResult {
        for _ in 0..<Self.acceptsPerRoundMax {
            switch acceptOne(fd) {
            case .connection(let fd, let peer):
                if let socket = adopt(fd, peer) { body(socket) }
            case .failed(let code):
                switch code {
                case EAGAIN:
                    return .drained
                case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                    let deadline = now + Self.exhaustedPause
                    loop.pauseReads(fd: fd, until: deadline)
                    return .paused(until: deadline, SystemError(code: code))
                case EBADF, EINVAL, ENOTSOCK:
                    return .failed(SystemError(code: code))
                default:
                    // accept(2): errors of the connection that was next (ECONNABORTED, EPROTO,
                    // ENETDOWN, ...) are reported here and mean: try the one after it.
                    continue
                }
            }
        }
        return .limited
    }

    /// Nil, and the connection closed, when there is no memory for its TLS.
    private func adopt(_ fd: Int32, _ peer: SocketAddress?) -> Socket? {
        do throws(SystemError) {
            let session = try tls?.makeSession(descriptor: fd)
            return Socket(owning: fd, peerAddress: peer, tls: session)
        } catch {
            Glibc.close(fd)
            return nil
        }
    }

    /// Closes, once; unwatch first. Who waits in the backlog is refused.
    package func close() {
        let fd = descriptor.exchange(Self.closedMark, ordering: .acquiringAndReleasing)
        guard fd != Self.closedMark else { return }
        Glibc.close(fd)
        // SAFETY: reads the path, which is NUL-terminated during the call.
        if let path { unsafe unlink(path) }
    }

    package static let kernelAccept: @Sendable (Int32) -> Accepted = { listener in
        var fd: Int32 = -1
        // SAFETY: the kernel writes at most `length` bytes of address.
        let peer = unsafe SocketAddress.fromKernel { address, length in
            fd = unsafe clinux_accept4(listener, address, length)
            return fd >= 0
        }
        return fd >= 0 ? .connection(fd: fd, peer) : .failed(code: errno)
    }

    /// Lets in processes of the user that runs this one, and nobody else, root included: an
    /// administrator becomes that user.
    private static let localAccept: @Sendable (Int32) -> Accepted = { listener in
        let fd = clinux_accept4(listener, nil, nil)
        guard fd >= 0 else { return .failed(code: errno) }
        var user: UInt32 = 0
        // SAFETY: writes one user id.
        guard unsafe clinux_peer_user(fd, &user) == 0, user == geteuid() else {
            Glibc.close(fd)
            return .failed(code: ECONNABORTED)
        }
        return .connection(fd: fd, nil)
    }

    private static func set(
        _ fd: Int32, _ level: Int32, _ option: Int32
    ) throws(SystemError) {
        var on: Int32 = 1
        // SAFETY: the option is read from one Int32 during the call.
        let status = unsafe setsockopt(
            fd, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
        guard status == 0 else { throw .last }
    }
}
