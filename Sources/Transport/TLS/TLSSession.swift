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
    /// RFC 8446 §5.1: the plain bytes of one record.
    static let recordBytesMax = 16384
    /// Plain bytes taken by one write: several records for one system call.
    static let writeBytesMax = 65536
    /// Encrypted bytes that may wait for the kernel; beyond it the connection fails. One write adds
    /// little more than `writeBytesMax` and is refused while any wait; besides it there are the
    /// handshake, alerts and answers to `controlRecordsMax` records.
    static let unsentBytesMax = 262_144
    /// Records without data that a peer may send in all after the handshake: new keys (RFC 8446
    /// §4.6.3), attempts to renegotiate (RFC 5246 §7.4.1), warnings. Each costs as much as a full
    /// record and says nothing, so nobody above could charge for it. An honest peer changes its
    /// keys after some 16 million records (§5.5).
    static let controlRecordsMax = 64

    enum Phase { case untouched, speaking, refusing, failed(SystemError), closed }

    struct State {
        var session: TLSHandle?
        var phase: Phase
        /// Received, not yet read by OpenSSL: left over by a drain that stopped. Less than one
        /// read buffer, because the kernel is asked for more only when it is used up.
        var held: [UInt8] = []
        var writeAwaitsInput = false
        var finishesWhenSent = false
        var told = TLSNeeds()
        var attention: LoopAttention?
    }

    let descriptor: Int32
    let client: TLSClientContext?
    let state: Mutex<State>

    /// - Parameter client: whose expected name and session it has; nil on the server's side.
    init(context: TLSHandle, descriptor: Int32, client: TLSClientContext?) throws(SystemError) {
        // SAFETY: the caller keeps the context through the call; the session counts itself in.
        let session = unsafe TLSHandle(
            copenssl_session(
                context.pointer, descriptor, Self.unsentBytesMax, Self.controlRecordsMax))
        guard let session else { throw .noMemory }
        self.descriptor = descriptor
        self.client = client
        state = Mutex(State(session: session, phase: client == nil ? .untouched : .speaking))
        if let client { client.prepare(session) }
    }

    deinit { close() }

    // MARK: The loop's side

    var needs: TLSNeeds { state.withLock { Self.needs(of: $0) } }

    func attach(to attention: LoopAttention?) {
        state.withLock { state in
            state.attention = attention
            state.told = TLSNeeds()
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

    // MARK: The end

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

    func flush(_ state: inout State) {
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

    func fail(_ state: inout State, _ session: TLSHandle) -> SystemError {
        // SAFETY: alive, and the caller holds the lock.
        let isFlooded = unsafe copenssl_control_records(session.pointer) > Self.controlRecordsMax
        let error = SystemError.tls(
            isFlooded
                ? .tooManyControlRecords
                : TLSFailure.last(of: session, expectedName: client?.serverName))
        flush(&state)
        state.phase = .failed(error)
        return error
    }

    /// Tells the loop when what it must know has changed, and each time input is left over.
    func tell(_ state: inout State, drained: Bool) {
        let needs = Self.needs(of: state)
        guard needs != state.told || drained && needs.pendingInput else { return }
        state.told = needs
        state.attention?.add(descriptor)
    }

    static func needs(of state: State) -> TLSNeeds {
        guard let session = state.session else { return TLSNeeds() }
        return TLSNeeds(
            pendingInput: !state.held.isEmpty || decryptedBytes(of: state) > 0,
            unsent: unsentBytes(of: session) > 0,
            writeAwaitsInput: state.writeAwaitsInput)
    }

    static func decryptedBytes(of state: State) -> Int {
        guard let session = state.session else { return 0 }
        // SAFETY: alive, and the caller holds the lock.
        return unsafe Int(SSL_pending(session.pointer))
    }

    static func unsentBytes(of session: TLSHandle) -> Int {
        // SAFETY: alive, and the caller holds the lock.
        unsafe copenssl_unsent(session.pointer)
    }

    static func isEstablished(_ session: TLSHandle) -> Bool {
        // SAFETY: alive, and the caller holds the lock.
        unsafe SSL_is_init_finished(session.pointer) == 1
    }
}
