import COpenSSL
import Glibc
import Synchronization

/// What a server shows and speaks on its TLS ports: certificates, versions, tickets.
/// `Protocol/transport.md#tls`. One for all listeners, so that a ticket is good on every loop.
///
/// Keys of the tickets are random, live in memory only, and as long as the loaded certificates: a
/// reload or a restart costs each client that comes back one whole handshake.
package final class TLSContext: Sendable {
    /// Two files in PEM.
    package struct CertificateFiles: Hashable, Sendable {
        /// The server's certificate, then those between it and the authority.
        package let certificate: String
        package let key: String

        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    private let files: [CertificateFiles]
    /// The context that new connections are made from; it holds those of the other names.
    private let current: Mutex<TLSSettings>

    /// Loads `files`, which must not be empty. A client that names a host is served the first
    /// certificate that is good for it, every other client the first of all.
    package init(_ files: [CertificateFiles]) throws(TLSContextError) {
        precondition(!files.isEmpty, "a TLS port needs a certificate")
        self.files = files
        current = Mutex(try Self.load(files))
    }

    /// Reads the files again: connections from now on get what they hold, open ones go on.
    /// - Throws: what is wrong with them; then everything stays as it was.
    package func reload() throws(TLSContextError) {
        let fresh = try Self.load(files)
        current.withLock { $0 = fresh }
    }

    /// The TLS side of an accepted connection.
    func makeSession(descriptor: Int32) throws(SystemError) -> TLSSession {
        let made = current.withLock { current -> Result<TLSSession, SystemError> in
            Result { () throws(SystemError) in
                try TLSSession(context: current.handle, descriptor: descriptor, client: nil)
            }
        }
        return try made.get()
    }

    // MARK: - Loading

    private static func load(_ files: [CertificateFiles]) throws(TLSContextError) -> TLSSettings {
        var contexts: [TLSSettings] = []
        for pair in files { contexts.append(try load(pair)) }
        // SAFETY: alive during the call, in which the first one counts itself into the others.
        let status = withExtendedLifetime(contexts) {
            let pointers = unsafe contexts.map { unsafe $0.handle.pointer }
            return unsafe copenssl_choose_by_name(pointers, pointers.count)
        }
        guard status == 1 else { throw .noMemory }
        return contexts[0]
    }

    private static func load(_ files: CertificateFiles) throws(TLSContextError) -> TLSSettings {
        try checkReadable(files.certificate)
        try checkReadable(files.key)
        let settings = try TLSSettings(isServer: true)
        let context = settings.handle
        ERR_clear_error()
        // SAFETY: alive, used by this thread only; the texts are read during the calls.
        guard unsafe SSL_CTX_use_certificate_chain_file(context.pointer, files.certificate) == 1
        else {
            throw .notACertificate(
                path: files.certificate, reason: TLSFailure.reason(of: ERR_peek_error()))
        }
        ERR_clear_error()
        let isKey =
            unsafe SSL_CTX_use_PrivateKey_file(context.pointer, files.key, SSL_FILETYPE_PEM) == 1
        if isKey, unsafe SSL_CTX_check_private_key(context.pointer) == 1 { return settings }
        // Loading a key compares it with the certificate already, if both are of the same kind.
        let reason = TLSFailure.reason(of: ERR_peek_last_error())
        if isKey || reason.contains("mismatch") {
            throw .keyDoesNotMatch(key: files.key, certificate: files.certificate)
        }
        if isEncrypted(files.key) { throw .keyIsEncrypted(path: files.key) }
        throw .notAKey(path: files.key, reason: reason)
    }

    /// PEM says so in its first lines, in either of the two forms.
    private static func isEncrypted(_ path: String) -> Bool {
        // SAFETY: the stream is closed below; fread writes at most the array's size.
        guard let file = unsafe fopen(path, "r") else { return false }
        defer { unsafe fclose(file) }
        var head = [UInt8](repeating: 0, count: 256)
        let count = unsafe fread(&head, 1, head.count, file)
        return String(decoding: head[..<count], as: UTF8.self).contains("ENCRYPTED")
    }

    static func checkReadable(_ path: String) throws(TLSContextError) {
        // SAFETY: the text is read during the call.
        let fd = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard fd >= 0 else { throw .unreadable(path: path, .last) }
        defer { close(fd) }
        // A pipe would block whoever reads it, and with it the end of the server.
        guard lseek(fd, 0, SEEK_CUR) >= 0 else { throw .unreadable(path: path, .last) }
    }
}
