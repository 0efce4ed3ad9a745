import COpenSSL
import Synchronization

/// How a client connects to one server by TLS: whose certificates it trusts, and for which name.
/// There is no way to trust everybody. Keep it between connections to the same server: it
/// remembers the last session, and the next handshake is shorter.
package final class TLSClientContext: Sendable {
    package enum Trust: Hashable, Sendable {
        /// The authorities that the system trusts.
        case system
        /// Those in this PEM file and no others: a private authority, or one server's own
        /// certificate.
        case authorities(file: String)
    }

    /// The name, or numeric address, that the server's certificate must have.
    package let serverName: String
    private let context: TLSSettings
    private let session = Mutex<TLSHandle?>(nil)

    package init(serverName: String, trust: Trust = .system) throws(TLSContextError) {
        self.serverName = serverName
        if case .authorities(let file) = trust { try TLSContext.checkReadable(file) }
        context = try TLSSettings(isServer: false)
        let context = context.handle
        switch trust {
        case .system:
            // SAFETY: alive, and used by this thread only.
            _ = unsafe SSL_CTX_set_default_verify_paths(context.pointer)
        case .authorities(let file):
            // SAFETY: alive, and used by this thread only; the text is read during the call.
            guard unsafe SSL_CTX_load_verify_file(context.pointer, file) == 1 else {
                throw .notAuthorities(
                    path: file, reason: TLSFailure.reason(of: ERR_peek_error()))
            }
        }
    }

    deinit {
        // SAFETY: the last use of our reference.
        session.withLock { unsafe SSL_SESSION_free($0?.pointer) }
    }

    func makeSession(descriptor: Int32) throws(SystemError) -> TLSSession {
        try TLSSession(context: context.handle, descriptor: descriptor, client: self)
    }

    /// Before the handshake: the name, and the session to take up again.
    func prepare(_ connection: TLSHandle) {
        // SAFETY: the connection is new and only its maker has it; it copies the name and counts
        // itself into the session.
        _ = unsafe copenssl_expect_name(connection.pointer, serverName)
        session.withLock { session in
            guard let session else { return }
            unsafe SSL_set_session(connection.pointer, session.pointer)
        }
    }

    /// At the end of a connection: its last ticket is for the next one.
    func keepSession(of connection: TLSHandle) {
        // SAFETY: the caller holds the connection's lock. The reference is ours from here on.
        guard let fresh = unsafe TLSHandle(SSL_get1_session(connection.pointer)) else { return }
        guard unsafe SSL_SESSION_is_resumable(fresh.pointer) == 1 else {
            unsafe SSL_SESSION_free(fresh.pointer)
            return
        }
        session.withLock { session in
            unsafe SSL_SESSION_free(session?.pointer)
            session = fresh
        }
    }
}
