import Crypto

/// `Sec-WebSocket-Accept` (RFC 6455 §4.2.2, step 5.4): shows that the server read the handshake.
enum AcceptKey {
    private static let suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// - Parameter key: the value of `Sec-WebSocket-Key`, as it came.
    static func accept(for key: String) -> String {
        var hash = Insecure.SHA1()
        let bytes = Array((key + suffix).utf8)
        // SAFETY: the pointer is read within the closure only.
        unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        return Base64.encode(Array(hash.finalize()))
    }
}
