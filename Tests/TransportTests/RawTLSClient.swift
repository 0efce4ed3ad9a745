import COpenSSL
import Glibc
import Transport

/// A blocking client of OpenSSL's own, with verbs that ours does not have.
// SAFETY: the session lives while `body` of `with` runs.
@safe struct RawTLSClient {
    private let session: OpaquePointer

    private init(_ session: OpaquePointer) {
        unsafe self.session = session
    }

    /// Connects, runs `body`, and closes; empty when there was no connection.
    static func with(port: UInt16, _ body: (RawTLSClient) -> [UInt8]) -> [UInt8] {
        // OpenSSL writes to the descriptor itself.
        TerminationSignals.ignoreBrokenPipes()
        guard let plain = try? PlainClient(port: port), let context = unsafe copenssl_context(0),
            let session = unsafe SSL_new(context)
        else { return [] }
        defer {
            unsafe SSL_free(session)
            unsafe SSL_CTX_free(context)
            plain.close()
        }
        unsafe SSL_set_verify(session, SSL_VERIFY_NONE, nil)
        unsafe SSL_set_fd(session, plain.fd)
        guard unsafe SSL_connect(session) == 1 else { return [] }
        return body(unsafe RawTLSClient(session))
    }

    /// New keys so many times, each with the wish that the server does the same.
    func changeKeys(_ count: Int) -> Bool {
        for _ in 0..<count {
            guard unsafe SSL_key_update(session, SSL_KEY_UPDATE_REQUESTED) == 1,
                unsafe SSL_do_handshake(session) == 1
            else { return false }
        }
        return true
    }

    func send(_ bytes: [UInt8], recordBytes: Int) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = min(recordBytes, rest.count)
            var written = 0
            let status = unsafe rest.withUnsafeBytes {
                unsafe SSL_write_ex(session, $0.baseAddress, count, &written)
            }
            guard status == 1 else { return false }
            rest = rest.dropFirst(written)
        }
        return true
    }

    /// Up to `count` bytes; fewer when the connection ends.
    func receive(_ count: Int) -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while result.count < count {
            var got = 0
            guard unsafe SSL_read_ex(session, &buffer, buffer.count, &got) == 1 else { break }
            result += buffer[..<got]
        }
        return result
    }
}
