import CLinux
import Glibc
import Synchronization

/// One non-blocking TCP connection, plain or with TLS: owns its descriptor and closes it exactly
/// once.
///
/// All its state is the descriptor and the TLS session, so it can move between loops; one loop at
/// a time reads, writes and closes it. What waits to be written belongs to the caller
/// (`WriteQueue`). With TLS every verb means the same, in plain bytes: the handshake goes on inside
/// reads and writes, and what the session needs of the loop it tells the loop itself, provided
/// that the loop was given the socket (`EventLoop.watch(_:token:)`) and not the bare descriptor.
package final class Socket: Sendable {
    /// How a `drain` ended.
    package enum DrainResult: Equatable, Sendable {
        /// Nothing is left for now.
        case drained
        /// The bound was reached, or the body asked to stop; the rest is reported again.
        case limited
        /// The peer has sent its end of the stream.
        case eof
        case failed(SystemError)
    }

    /// What one `write` did.
    package enum WriteResult: Equatable, Sendable {
        /// So many bytes were taken, maybe fewer than offered: by the kernel, or with TLS by the
        /// session, which keeps at most one write's records until the kernel takes them.
        case wrote(Int)
        case wouldBlock
        case failed(SystemError)
    }

    /// A size for a loop's read buffer: several frames per call, and small beside the caches.
    package static let readBufferBytes = 64 * 1024
    /// What one peer may bring per round, so that a fast one does not hold up the others.
    package static let readBytesPerRoundMax = 256 * 1024
    /// Chunks given to the kernel in one call. Under IOV_MAX (1024), because each costs a stack
    /// frame while its bytes are borrowed; past some tens the system call no longer counts.
    package static let chunksPerWriteMax = 64

    /// The remote address; nil when the peer was gone before it could be asked.
    package let peerAddress: SocketAddress?

    private static let closedMark: Int32 = -1
    private let descriptor: Atomic<Int32>
    let tls: TLSSession?

    /// Takes ownership of `fd`, a non-blocking TCP descriptor.
    package convenience init(owning fd: Int32, peerAddress: SocketAddress?) {
        self.init(owning: fd, peerAddress: peerAddress, tls: nil)
    }

    init(owning fd: Int32, peerAddress: SocketAddress?, tls: TLSSession?) {
        descriptor = Atomic(fd)
        self.peerAddress = peerAddress
        self.tls = tls
        // RFC 6455 frames are complete messages: waiting to fill a segment only delays them.
        var on: Int32 = 1
        // SAFETY: the option is read from one Int32 during the call.
        _ = unsafe setsockopt(
            fd, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close() }

    /// The descriptor for `EventLoop.watch`, or -1 after `close()`.
    package var fd: Int32 { descriptor.load(ordering: .relaxed) }

    package var isClosed: Bool { fd == Self.closedMark }

    // MARK: TLS

    /// Whether what is written is encrypted.
    package var isSecure: Bool { tls != nil }

    /// With TLS, until both sides have finished the handshake; false without.
    package var isHandshaking: Bool { tls?.isHandshaking ?? false }

    /// "TLSv1.3" or "TLSv1.2"; nil without TLS and during the handshake.
    package var tlsVersion: String? { tls?.version }

    /// Whether the handshake took up an earlier session.
    package var isTLSResumed: Bool { tls?.isResumed ?? false }

    // MARK: Reading

    private enum ReadResult {
        /// So many bytes at the front of the buffer; fewer than it holds means none is left now.
        case bytes(Int)
        case wouldBlock, eof, failed(SystemError)
    }

    /// Reads once into `buffer`, which keeps its size.
    private func receive(into buffer: inout [UInt8]) -> ReadResult {
        while true {
            // SAFETY: recv writes at most `count` bytes into the array's own storage.
            let count = unsafe buffer.withUnsafeMutableBytes { target in
                unsafe clinux_recv(fd, target.baseAddress, target.count)
            }
            if count > 0 { return .bytes(count) }
            if count == 0 { return .eof }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            default: return .failed(.last)
            }
        }
    }

    /// Reads until nothing is left or `bytesMax` is reached, giving each piece to `body`, which
    /// returns false to stop (it closed the socket). `buffer` is the loop's, and reused.
    package func drain(
        through buffer: inout [UInt8], bytesMax: Int = Socket.readBytesPerRoundMax,
        _ body: (borrowing Span<UInt8>) -> Bool
    ) -> DrainResult {
        if let tls { return tls.drain(through: &buffer, bytesMax: bytesMax, body) }
        return drainKernel(through: &buffer, bytesMax: bytesMax, body)
    }

    private func drainKernel(
        through buffer: inout [UInt8], bytesMax: Int, _ body: (borrowing Span<UInt8>) -> Bool
    ) -> DrainResult {
        precondition(!buffer.isEmpty, "an empty read buffer looks like the end of the stream")
        var total = 0
        while total < bytesMax {
            switch receive(into: &buffer) {
            case .bytes(let count):
                total += count
                let goesOn = body(buffer.span.extracting(first: count))
                if !goesOn { return .limited }
                // A short read emptied the socket. What came since, the end of the stream
                // included, is reported again: the watch is level-triggered.
                if count < buffer.count { return .drained }
            case .wouldBlock: return .drained
            case .eof: return .eof
            case .failed(let error): return .failed(error)
            }
        }
        return .limited
    }

    /// Throws away what has come, up to a bound; true when the peer has closed or failed. Encrypted
    /// bytes as they are: nobody wants to know what they say.
    func discard() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        switch drainKernel(through: &buffer, bytesMax: 64 * 1024, { _ in true }) {
        case .drained, .limited: return false
        case .eof, .failed: return true
        }
    }

    // MARK: Writing

    /// Offers `chunks` to the kernel in one call, leaving out the first `firstOffset` bytes of the
    /// first one. At most `chunksPerWriteMax` chunks are offered; call again while it takes all.
    package func write(_ chunks: ArraySlice<[UInt8]>, firstOffset: Int = 0) -> WriteResult {
        guard !chunks.isEmpty else { return .wrote(0) }
        if let tls { return tls.write(chunks, firstOffset: firstOffset) }
        if chunks.count == 1 { return write(chunks[chunks.startIndex], from: firstOffset) }
        let offered = chunks.prefix(Self.chunksPerWriteMax)
        // SAFETY: `gather` fills vector i while the bytes of chunk i are borrowed, and sends
        // inside the innermost borrow.
        return unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: offered.count) {
            unsafe gather(offered, firstOffset, into: $0, filled: 0)
        }
    }

    /// One chunk, the most common number: the kernel has no list of vectors to copy. Of a
    /// connection without TLS.
    package func write(_ chunk: [UInt8], from offset: Int) -> WriteResult {
        precondition(tls == nil, "records are made of lists of chunks")
        while true {
            // SAFETY: the bytes are borrowed during the call. The kernel only reads.
            let written = unsafe chunk.withUnsafeBytes { bytes in
                let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
                return unsafe clinux_send(fd, part.baseAddress, part.count)
            }
            if written >= 0 { return .wrote(written) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            default: return .failed(.last)
            }
        }
    }

    private func gather(
        _ rest: ArraySlice<[UInt8]>, _ offset: Int, into vectors: UnsafeMutableBufferPointer<iovec>,
        filled: Int
    ) -> WriteResult {
        guard let chunk = rest.first else { return unsafe send(vectors, filled) }
        // SAFETY: the pointer is used by `send` below, inside this closure. The kernel only reads.
        return unsafe chunk.withUnsafeBytes { bytes in
            let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
            unsafe vectors.initializeElement(
                at: filled,
                to: iovec(
                    iov_base: UnsafeMutableRawPointer(mutating: part.baseAddress),
                    iov_len: part.count))
            return unsafe gather(rest.dropFirst(), 0, into: vectors, filled: filled + 1)
        }
    }

    private func send(_ vectors: UnsafeMutableBufferPointer<iovec>, _ count: Int) -> WriteResult {
        // SAFETY: `vectors` and what they point to are valid while the caller's closures run.
        var message = unsafe msghdr()
        unsafe message.msg_iov = vectors.baseAddress
        unsafe message.msg_iovlen = count
        while true {
            // sendmsg rather than writev: a peer that is gone is an error here, not a SIGPIPE.
            let written = unsafe sendmsg(fd, &message, Int32(MSG_NOSIGNAL))
            if written >= 0 { return .wrote(written) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            default: return .failed(.last)
            }
        }
    }

    /// Sends the end of the stream after what is still on its way; reading goes on. With TLS its
    /// close_notify goes first.
    @discardableResult
    package func shutdownWrite() -> SystemError? {
        if let tls { return tls.finish() }
        return shutdown(fd, Int32(SHUT_WR)) == 0 ? nil : .last
    }

    /// Closes the descriptor, once however often it is called. Unwatch it first.
    package func close() {
        let fd = descriptor.exchange(Self.closedMark, ordering: .acquiringAndReleasing)
        guard fd != Self.closedMark else { return }
        tls?.close()
        Glibc.close(fd)
    }

    // MARK: Connecting

    /// Begins to connect. Watch it with `EventLoop.watchConnecting`; when it is writable or hung
    /// up, `connectFailure()` says how it ended. A TLS handshake begins with the first write.
    package static func connect(
        to address: SocketAddress, tls: TLSClientContext? = nil
    ) throws(SystemError) -> Socket {
        let fd = Glibc.socket(
            address.family,
            Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue),
            0)
        guard fd >= 0 else { throw .last }
        let session: TLSSession?
        do throws(SystemError) {
            session = try tls?.makeSession(descriptor: fd)
        } catch {
            Glibc.close(fd)
            throw error
        }
        let socket = Socket(owning: fd, peerAddress: address, tls: session)
        // SAFETY: the kernel copies the address during the call.
        let status = unsafe address.withKernelForm { unsafe Glibc.connect(fd, $0, $1) }
        // EINTR on a non-blocking socket means the same: the attempt goes on.
        if status != 0, errno != EINPROGRESS, errno != EINTR {
            let error = SystemError.last
            socket.close()
            throw error
        }
        return socket
    }

    /// After the attempt has ended: nil when connected, else why not.
    package func connectFailure() -> SystemError? {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        // SAFETY: the kernel writes one Int32.
        guard unsafe getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else { return .last }
        return code == 0 ? nil : SystemError(code: code)
    }
}
