import COpenSSL
import Glibc
import Synchronization

/// The TLS of one connection: between its descriptor and the plain bytes of `Socket`.
///
/// OpenSSL never sees the descriptor. It reads what `drain` received, and its output goes to a
/// buffer that `copenssl_flush` sends, so a read can always answer and a write takes whole
/// records: neither is ever to be repeated with the same bytes. What the kernel left or what a
/// stopped drain left over is the loop's business (`LoopAttention`), not the owner's.
///
/// One loop at a time uses a session, as its socket; the lock is free then, and makes that a fact
/// for the compiler. Memory while idle: this object and OpenSSL's own, no buffers.
final class TLSSession: Sendable {
    /// What the loop must know beyond the kernel's readiness.
    struct Needs: Equatable, Sendable {
        /// Bytes came from the kernel and wait here for the next drain.
        var pendingInput = false
        /// Encrypted bytes wait for the kernel.
        var unsent = false
        /// Writing goes on when the peer's part of the handshake has come.
        var writeAwaitsInput = false
    }

    /// RFC 8446 §5.1: the plain bytes of one record.
    static let recordBytesMax = 16384
    /// Plain bytes taken by one write: several records for one system call.
    static let writeBytesMax = 65536
    /// Encrypted bytes that may wait for the kernel. One write adds little more than
    /// `writeBytesMax` and is refused while any wait; only a peer that makes us answer (KeyUpdate,
    /// RFC 8446 §4.6.3) and does not read comes here, and its connection fails.
    static let unsentBytesMax = 262_144

    static let plainHTTPAnswer = """
        HTTP/1.1 400 Bad Request\r
        Content-Type: text/plain; charset=utf-8\r
        Content-Length: 51\r
        Connection: close\r
        \r
        This port speaks TLS; use https:// or wss:// here.\n
        """

    private enum Phase { case untouched, speaking, refusing, failed(SystemError), closed }

    private struct State {
        var session: TLSHandle?
        var phase: Phase
        /// Received, not yet read by OpenSSL: left over by a drain that stopped. Less than one
        /// read buffer, because the kernel is asked for more only when it is used up.
        var held: [UInt8] = []
        var writeAwaitsInput = false
        var finishesWhenSent = false
        var told = Needs()
        var attention: LoopAttention?
    }

    /// The part of a read buffer that holds received bytes; `emptied` when the kernel has no more.
    private struct Window {
        var start: Int
        var end: Int
        let base: Int
        let limit: Int
        var emptied = false
    }

    private enum Step { case bytes(Int), wouldBlock, eof, failed(SystemError) }

    private let descriptor: Int32
    private let client: TLSClientContext?
    private let state: Mutex<State>

    /// - Parameter client: whose expected name and session it has; nil on the server's side.
    init(context: TLSHandle, descriptor: Int32, client: TLSClientContext?) throws(SystemError) {
        // SAFETY: the caller keeps the context through the call; the session counts itself in.
        let session = unsafe TLSHandle(
            copenssl_session(context.pointer, descriptor, Self.unsentBytesMax))
        guard let session else { throw .noMemory }
        self.descriptor = descriptor
        self.client = client
        state = Mutex(State(session: session, phase: client == nil ? .untouched : .speaking))
        if let client { client.prepare(session) }
    }

    deinit { close() }

    // MARK: The loop's side

    var needs: Needs { state.withLock { Self.needs(of: $0) } }

    func attach(to attention: LoopAttention?) {
        state.withLock { state in
            state.attention = attention
            state.told = Needs()
            tell(&state, drained: true)
        }
    }

    /// Offers to the kernel what it refused before.
    func flush() {
        state.withLock { state in
            flush(&state)
            tell(&state, drained: false)
        }
    }

    // MARK: Reading

    func drain(
        through buffer: inout [UInt8], bytesMax: Int, _ body: (borrowing Span<UInt8>) -> Bool
    ) -> Socket.DrainResult {
        precondition(buffer.count >= 2, "one half is for what came, the other for what it says")
        // Plain bytes in front, at most a record; what came from the kernel behind.
        let plain = min(buffer.count / 2, Self.recordBytesMax)
        var window = Window(start: plain, end: plain, base: plain, limit: buffer.count)
        var total = 0
        var result = Socket.DrainResult.limited
        reading: while total < bytesMax {
            switch step(&buffer, &window) {
            case .bytes(let count):
                total += count
                let goesOn = body(buffer.span.extracting(first: count))
                if !goesOn { break reading }
            case .wouldBlock:
                result = .drained
                break reading
            case .eof:
                result = .eof
                break reading
            case .failed(let error):
                result = .failed(error)
                break reading
            }
        }
        state.withLock { state in
            if window.start < window.end {
                state.held.insert(contentsOf: buffer[window.start..<window.end], at: 0)
            }
            tell(&state, drained: true)
        }
        return result
    }

    /// One read of OpenSSL that gave something or cannot go on.
    private func step(_ buffer: inout [UInt8], _ window: inout Window) -> Step {
        state.withLock { state in
            while true {
                if window.start == window.end {
                    switch refill(&buffer, &window, &state) {
                    case .bytes: break
                    case .wouldBlock where Self.decryptedBytes(of: state) > 0: break
                    case let other: return other
                    }
                }
                switch state.phase {
                case .untouched:
                    state.phase = .speaking
                    // A record begins with its type, 22 here (RFC 8446 §5.1); a method is letters.
                    if (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(buffer[window.start]) {
                        refusePlainHTTP(&state)
                        continue
                    }
                case .speaking: break
                case .refusing:
                    window.start = window.end
                    continue
                case .failed(let error): return .failed(error)
                case .closed: return .failed(.closed)
                }
                let outcome = decrypt(&buffer, &window, &state)
                if let outcome { return outcome }
            }
        }
    }

    /// Gets bytes for OpenSSL: those held back first, then the kernel's.
    private func refill(
        _ buffer: inout [UInt8], _ window: inout Window, _ state: inout State
    ) -> Step {
        window.start = window.base
        window.end = window.base
        if !state.held.isEmpty {
            let count = min(state.held.count, window.limit - window.base)
            buffer.replaceSubrange(window.base..<window.base + count, with: state.held[..<count])
            if count == state.held.count {
                state.held = []
            } else {
                state.held.removeFirst(count)
            }
            window.end += count
            return .bytes(count)
        }
        switch state.phase {
        case .failed(let error): return .failed(error)
        case .closed: return .failed(.closed)
        case .untouched, .speaking, .refusing: break
        }
        // What was decrypted comes before what would wait in the window meanwhile.
        if window.emptied || Self.decryptedBytes(of: state) > 0 { return .wouldBlock }
        while true {
            // SAFETY: recv writes at most so many bytes into the array's own storage.
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                let target = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: bytes[window.base..<window.limit])
                return unsafe recv(descriptor, target.baseAddress, target.count, 0)
            }
            if count > 0 {
                window.end += count
                // As in `Socket.drain`: the level-triggered watch reports what comes after this.
                window.emptied = window.end < window.limit
                return .bytes(count)
            }
            // Without a close_notify too: WebSocket and HTTP say themselves where a message ends.
            if count == 0 { return .eof }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            default: return .failed(.last)
            }
        }
    }

    /// Nil when OpenSSL wants more input.
    private func decrypt(
        _ buffer: inout [UInt8], _ window: inout Window, _ state: inout State
    ) -> Step? {
        guard let session = state.session else { return .failed(.closed) }
        var consumed = 0
        var count = 0
        // SAFETY: input and target are disjoint parts of the array and lent for the call; the
        // session is alive and used under the lock.
        let code = unsafe buffer.withUnsafeMutableBytes { bytes in
            let input = unsafe UnsafeMutableRawBufferPointer(
                rebasing: bytes[window.start..<window.end])
            return unsafe copenssl_read(
                session.pointer, input.baseAddress, input.count, &consumed, bytes.baseAddress,
                window.base, &count)
        }
        window.start += consumed
        if state.writeAwaitsInput, Self.isEstablished(session) { state.writeAwaitsInput = false }
        let outcome: Step?
        switch code {
        case SSL_ERROR_NONE: outcome = .bytes(count)
        case SSL_ERROR_WANT_READ: outcome = nil
        case SSL_ERROR_ZERO_RETURN: outcome = .eof
        default: outcome = .failed(fail(&state, session))
        }
        flush(&state)  // the handshake's part of ours, tickets, alerts
        return outcome
    }

    private func refusePlainHTTP(_ state: inout State) {
        let answer = Array(Self.plainHTTPAnswer.utf8)
        // SAFETY: send reads the array's own bytes. A fresh connection takes so few at once.
        _ = unsafe answer.withUnsafeBytes { bytes in
            unsafe send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        }
        // What still comes is thrown away until the peer has read and closes, or the owner's
        // time limit for a request passes.
        shutdown(descriptor, Int32(SHUT_WR))
        state.phase = .refusing
    }

    // MARK: Writing

    func write(_ chunks: ArraySlice<[UInt8]>, firstOffset: Int) -> Socket.WriteResult {
        state.withLock { state in
            defer { tell(&state, drained: false) }
            switch state.phase {
            case .failed(let error): return .failed(error)
            case .closed: return .failed(.closed)
            case .refusing: return .failed(.brokenPipe)
            case .untouched, .speaking: break
            }
            flush(&state)
            guard let session = state.session else { return .failed(.closed) }
            guard Self.unsentBytes(of: session) == 0 else { return .wouldBlock }
            var records = RecordCursor(chunks, firstOffset: firstOffset)
            var wrote = 0
            while wrote < Self.writeBytesMax {
                var count = 0
                let code = unsafe records.withNextRecord { bytes in
                    // SAFETY: the bytes are lent for the call, which only reads them.
                    unsafe copenssl_write(session.pointer, bytes.baseAddress, bytes.count, &count)
                }
                guard let code else { break }
                wrote += count
                if code == SSL_ERROR_WANT_READ {
                    state.writeAwaitsInput = true
                    break
                }
                if code != SSL_ERROR_NONE { return .failed(fail(&state, session)) }
            }
            flush(&state)
            if case .failed(let error) = state.phase { return .failed(error) }
            return wrote > 0 ? .wrote(wrote) : .wouldBlock
        }
    }

    /// Sends a close_notify (RFC 8446 §6.1), then the end of the stream once all is sent.
    func finish() -> SystemError? {
        state.withLock { state in
            if case .speaking = state.phase, let session = state.session {
                // SAFETY: alive, and used under the lock.
                unsafe copenssl_finish(session.pointer)
                flush(&state)
            }
            if let session = state.session, Self.unsentBytes(of: session) > 0 {
                state.finishesWhenSent = true
                tell(&state, drained: false)
                return nil
            }
            return shutdown(descriptor, Int32(SHUT_WR)) == 0 ? nil : .last
        }
    }

    /// Says goodbye as far as the kernel takes it, and frees. The descriptor stays.
    func close() {
        state.withLock { state in
            guard let session = state.session else { return }
            if case .speaking = state.phase {
                // SAFETY: alive, and used under the lock.
                unsafe copenssl_finish(session.pointer)
                flush(&state)
                client?.keepSession(of: session)
            }
            state.phase = .closed
            state.session = nil
            state.held = []
            state.attention = nil
            // SAFETY: nobody reaches it any more. Marked as shut down, or the session that a
            // client comes back with would be spoilt.
            unsafe SSL_set_shutdown(session.pointer, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
            unsafe SSL_free(session.pointer)
        }
    }

    // MARK: What was agreed

    /// Until both sides have sent their Finished.
    var isHandshaking: Bool {
        state.withLock { state in state.session.map { !Self.isEstablished($0) } ?? false }
    }

    /// "TLSv1.3", "TLSv1.2"; nil during the handshake.
    var version: String? {
        state.withLock { state in
            guard let session = state.session, Self.isEstablished(session) else { return nil }
            // SAFETY: alive under the lock; the text lives as long as the library.
            return unsafe String(cString: SSL_get_version(session.pointer))
        }
    }

    /// Whether an earlier session was taken up again, without certificates.
    var isResumed: Bool {
        state.withLock { state in
            guard let session = state.session else { return false }
            // SAFETY: alive, and used under the lock.
            return unsafe SSL_session_reused(session.pointer) == 1
        }
    }

    // MARK: -

    private func flush(_ state: inout State) {
        guard let session = state.session else { return }
        // SAFETY: alive, and used under the lock.
        let code = unsafe copenssl_flush(session.pointer)
        if code == 0, state.finishesWhenSent {
            state.finishesWhenSent = false
            shutdown(descriptor, Int32(SHUT_WR))
        }
        if code != 0, code != EAGAIN, case .speaking = state.phase {
            state.phase = .failed(SystemError(code: code))
        }
    }

    private func fail(_ state: inout State, _ session: TLSHandle) -> SystemError {
        let name = client?.serverName
        let error = SystemError.tls(TLSFailure.last(of: session, expectedName: name))
        flush(&state)
        state.phase = .failed(error)
        return error
    }

    /// Tells the loop when what it must know has changed, and each time input is left over.
    private func tell(_ state: inout State, drained: Bool) {
        let needs = Self.needs(of: state)
        guard needs != state.told || drained && needs.pendingInput else { return }
        state.told = needs
        state.attention?.add(descriptor)
    }

    private static func needs(of state: State) -> Needs {
        guard let session = state.session else { return Needs() }
        return Needs(
            pendingInput: !state.held.isEmpty || decryptedBytes(of: state) > 0,
            unsent: unsentBytes(of: session) > 0,
            writeAwaitsInput: state.writeAwaitsInput)
    }

    private static func decryptedBytes(of state: State) -> Int {
        guard let session = state.session else { return 0 }
        // SAFETY: alive, and the caller holds the lock.
        return unsafe Int(SSL_pending(session.pointer))
    }

    private static func unsentBytes(of session: TLSHandle) -> Int {
        // SAFETY: alive, and the caller holds the lock.
        unsafe copenssl_unsent(session.pointer)
    }

    private static func isEstablished(_ session: TLSHandle) -> Bool {
        // SAFETY: alive, and the caller holds the lock.
        unsafe SSL_is_init_finished(session.pointer) == 1
    }
}
