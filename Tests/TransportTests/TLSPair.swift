import COpenSSL
import Glibc
import Testing

import Transport

/// A server's and a client's session over a socket pair whose buffers are small.
final class TLSPair {
    // SAFETY: the session is freed with the half, and used by nobody else.
    @safe final class Half {
        private let session: OpaquePointer
        private let descriptor: Int32
        private(set) var received: [UInt8] = []
        weak var other: Half?

        init(_ context: OpaquePointer, _ descriptor: Int32, unsentBytesMax: Int) throws {
            self.descriptor = descriptor
            var size: Int32 = 4_096
            for option in [SO_SNDBUF, SO_RCVBUF] {
                _ = unsafe setsockopt(descriptor, SOL_SOCKET, option, &size, socklen_t(4))
            }
            let made = unsafe copenssl_session(context, descriptor, unsentBytesMax, 64)
            unsafe session = try #require(made)
        }

        deinit {
            unsafe SSL_free(session)
            Glibc.close(descriptor)
        }

        var isEstablished: Bool { unsafe SSL_is_init_finished(session) == 1 }
        var unsentBytes: Int { unsafe copenssl_unsent(session) }

        /// Gives one record to TLS, and to the kernel what it takes.
        func write(_ record: [UInt8]) -> Bool {
            var count = 0
            let code = unsafe record.withUnsafeBytes {
                unsafe copenssl_write(session, $0.baseAddress, $0.count, &count)
            }
            flush()
            return code == SSL_ERROR_NONE && count == record.count
        }

        /// Takes what the kernel has, once the other side has offered it what waits.
        func read() {
            other?.flush()
            var input = [UInt8](repeating: 0, count: 8_192)
            var target = [UInt8](repeating: 0, count: 16_384)
            let came = unsafe recv(descriptor, &input, input.count, Int32(MSG_DONTWAIT))
            var start = 0
            repeat {
                var consumed = 0
                var count = 0
                let end = max(came, 0)
                let code = unsafe input.withUnsafeBytes { bytes in
                    unsafe copenssl_read(
                        session, bytes.baseAddress.unsafelyUnwrapped + start, end - start,
                        &consumed, &target, target.count, &count)
                }
                start += consumed
                received += target[..<count]
                guard code == SSL_ERROR_NONE else { break }
            } while true
            flush()
        }

        private func flush() {
            _ = unsafe copenssl_flush(session)
        }
    }

    let server: Half
    let client: Half

    init(_ files: TLSContext.CertificateFiles, unsentBytesMax: Int) throws {
        var pair: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
        try #require(unsafe socketpair(AF_UNIX, kind, 0, &pair) == 0)
        let (madeServer, madeClient) = unsafe (copenssl_context(1), copenssl_context(0))
        let serverContext = try unsafe #require(madeServer)
        let clientContext = try unsafe #require(madeClient)
        defer {
            unsafe SSL_CTX_free(serverContext)
            unsafe SSL_CTX_free(clientContext)
        }
        unsafe SSL_CTX_use_certificate_chain_file(serverContext, files.certificate)
        unsafe SSL_CTX_use_PrivateKey_file(serverContext, files.key, SSL_FILETYPE_PEM)
        unsafe SSL_CTX_set_verify(clientContext, SSL_VERIFY_NONE, nil)
        server = try unsafe Half(serverContext, pair[0], unsentBytesMax: unsentBytesMax)
        client = try unsafe Half(clientContext, pair[1], unsentBytesMax: unsentBytesMax)
        server.other = client
        client.other = server
    }

    func shakeHands() -> Bool {
        for _ in 0..<20 where !(server.isEstablished && client.isEstablished) {
            client.read()
            server.read()
        }
        return server.isEstablished && client.isEstablished
    }
}
